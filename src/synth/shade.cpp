#include "synth/shade.h"

#include "synth/backdrop.h"

namespace throng::synth {

namespace {

/// The nearest meeting of a ray and a solid that it is known to hit, or to miss by less than a sample.
struct Hit {
  Vec3 point;
  Vec3 unit_point;  ///< in the solid's unit coordinates
  Vec3 normal;      ///< of length 1, world axes
  double depth = 0;
};

Hit meet(const Solid& solid, const Vec3& origin, const Vec3& ray, double depth_of_sample) {
  Hit hit;
  const Vec3 o = solid.to_unit * (origin - solid.centre);
  const Vec3 d = solid.to_unit * ray;
  if (solid.shape == Solid::Shape::ellipsoid) {
    const double a = dot(d, d);
    const double b = dot(o, d);
    const double discriminant = std::max(0.0, b * b - a * (dot(o, o) - 1));
    hit.depth = (-b - std::sqrt(discriminant)) / a;
    hit.unit_point = o + d * hit.depth;
    hit.normal = unit(solid.to_unit.transposed_times(hit.unit_point));
  } else {
    hit.depth = depth_of_sample;
    const Vec3 q = o + d * hit.depth;
    hit.unit_point = q;
    const Vec3 size = {std::fabs(q.x), std::fabs(q.y), std::fabs(q.z)};
    Vec3 face{0, 0, q.z < 0 ? -1.0 : 1.0};
    if (size.x >= size.y && size.x >= size.z) {
      face = {q.x < 0 ? -1.0 : 1.0, 0, 0};
    } else if (size.y >= size.z) {
      face = {0, q.y < 0 ? -1.0 : 1.0, 0};
    }
    hit.normal = unit(solid.to_unit.transposed_times(face));
  }
  hit.point = origin + ray * hit.depth;
  return hit;
}

class Shader {
 public:
  Shader(const Model& model, const Setting& setting, const Terrain& terrain, const Camera& camera, const Light& light)
      : model_(model), setting_(setting), terrain_(terrain), camera_(camera), light_(light) {}

  Vec3 solid(std::uint32_t index, double x, double y, double depth) const {
    const Solid& solid = model_.solids[index];
    const Paint& paint = model_.paints[static_cast<std::size_t>(solid.paint)];
    const Vec3 ray = camera_.ray(x, y);
    const Hit hit = meet(solid, camera_.position(), ray, depth);
    const double radius = 1 / length(solid.to_unit.row[0]);
    const double footprint = hit.depth / camera_.focal() / radius;
    const Vec3 albedo = paint_colour(paint, hit.unit_point, footprint);
    const Vec3 lit = albedo * lighting(hit, paint, solid.owner) + gloss(hit, paint, ray) + paint.colour * paint.glow;
    return haze(lit, hit.depth * length(ray));
  }

  Vec3 empty(double x, double y) const {
    const Vec3 ray = camera_.ray(x, y);
    const double depth = camera_.depth_of_ground(x, y, terrain_);
    if (depth <= 0 || depth > 2500) return sky_light(setting_, ray);
    const Vec3 p = camera_.position() + ray * depth;
    // Seen at a low angle a pixel covers a long stretch.
    const double slant = std::max(0.05, -dot(unit(ray), terrain_.normal()));
    const Vec3 colour = ground_colour(setting_, p, depth / camera_.focal() / std::sqrt(slant));
    const Vec3 normal = terrain_.normal();
    const double sun = std::max(0.0, dot(normal, setting_.sun_direction)) * light_.sun(p, kNobody);
    const Vec3 light = setting_.sun_colour * sun + setting_.sky_colour * light_.openness(p);
    return haze(colour * light * light_.contact(p), depth * length(ray));
  }

 private:
  Vec3 lighting(const Hit& hit, const Paint& paint, std::int32_t owner) const {
    const double open = owner == kNobody ? 1 : light_.openness(hit.point);
    const double facing = dot(hit.normal, setting_.sun_direction);
    double sun = std::max(0.0, (facing + paint.soft) / (1 + paint.soft));
    if (sun > 0) sun *= light_.sun(hit.point + hit.normal * 0.02, owner);
    const double up = 0.5 + 0.5 * hit.normal.z;
    // Overhangs (under chins, hems, arms) see little of the sky.
    const double nook = mix_of(0.45, 1.0, smooth_step(-0.9, 0.35, hit.normal.z));
    return setting_.sun_colour * sun + setting_.sky_colour * (mix_of(0.25, 1.0, up) * open * nook) +
           setting_.bounce_colour * ((1 - up) * (0.3 + 0.7 * open));
  }

  Vec3 gloss(const Hit& hit, const Paint& paint, const Vec3& ray) const {
    if (paint.gloss <= 0) return {};
    const Vec3 half = unit(setting_.sun_direction - unit(ray));
    const double s = std::max(0.0, dot(half, hit.normal));
    const double s4 = s * s * s * s;
    const double s16 = s4 * s4 * s4 * s4;
    const double sky = std::max(0.0, hit.normal.z);
    return setting_.sun_colour * (paint.gloss * 0.9 * s16 * s4) + setting_.sky_colour * (paint.gloss * 0.12 * sky);
  }

  Vec3 haze(const Vec3& colour, double distance) const {
    return mix_of(setting_.haze_colour, colour, exponential(-distance / setting_.haze_length));
  }

  const Model& model_;
  const Setting& setting_;
  const Terrain& terrain_;
  const Camera& camera_;
  const Light& light_;
};

/// The samples of one pixel that see the same solid.
struct Group {
  std::uint32_t solid = kNoSolid;
  double x = 0;
  double y = 0;
  float depth = 0;
  int count = 0;
};

}  // namespace

Picture shade(const Model& model, const Setting& setting, const Terrain& terrain, const Camera& camera,
              const DepthBuffer& buffer, const Light& light) {
  const Shader shader(model, setting, terrain, camera, light);
  const int samples = buffer.samples();
  Picture picture(camera.width(), camera.height());
  std::vector<Group> groups;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      groups.clear();
      for (int s = 0; s < samples * samples; ++s) {
        const int i = x * samples + s % samples;
        const int j = y * samples + s / samples;
        const std::size_t at = buffer.at(i, j);
        auto group =
            std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.solid == buffer.solid(at); });
        if (group == groups.end()) group = groups.insert(groups.end(), Group{buffer.solid(at), 0, 0, 0, 0});
        group->x += (i + 0.5) / samples;
        group->y += (j + 0.5) / samples;
        group->depth += buffer.depth(at);
        ++group->count;
      }
      Vec3 sum;
      for (const Group& g : groups) {
        const double n = g.count;
        const Vec3 colour = g.solid == kNoSolid
                                ? shader.empty(g.x / n, g.y / n)
                                : shader.solid(g.solid, g.x / n, g.y / n, static_cast<double>(g.depth) / n);
        sum += colour * n;
      }
      const Vec3 mean = sum * (1.0 / (samples * samples));
      float* out = picture.pixel(x, y);
      out[0] = static_cast<float>(mean.x);
      out[1] = static_cast<float>(mean.y);
      out[2] = static_cast<float>(mean.z);
    }
  }
  return picture;
}

}  // namespace throng::synth
