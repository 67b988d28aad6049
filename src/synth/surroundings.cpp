#include "synth/surroundings.h"

#include "synth/chance.h"
#include "synth/clutter.h"

namespace throng::synth {

namespace {

/// Half of the ground's width that the picture shows at a distance, metres.
double half_width_of_view(const Camera& camera, const Terrain& terrain, double y) {
  return camera.project({0, y, terrain.height(y)}).depth * camera.width() * 0.5 / camera.focal();
}

class Surroundings : public Builder {
 public:
  Surroundings(Model& model, const Setting& setting, const Terrain& terrain, const Camera& camera, std::uint64_t seed)
      : Builder(model, terrain, Chance(seed, "synth surroundings")), setting_(setting), camera_(camera) {}

  void background(const Reach& reach) {
    const double y = reach.far + chance_.uniform(2, 10) + 0.06 * reach.far;
    const double half = half_width(y) * 1.2 + 10;
    switch (setting_.place) {
      case Setting::Place::street:
      case Setting::Place::plaza:
        chance_.happens(0.75) ? houses(y, half) : trees(y, half);
        break;
      case Setting::Place::park:
        chance_.happens(0.75) ? trees(y, half) : houses(y + 30, half + 20);
        break;
      case Setting::Place::hall:
        wall(y, half);
        break;
      case Setting::Place::concert:
        stage(y);
        break;
      case Setting::Place::stands:
        wall(y, half);
        break;
      case Setting::Place::beach:
        if (chance_.happens(0.4)) trees(y + 10, half + 5);
        break;
    }
  }

  void street_sides(const Reach& reach) {
    if (setting_.place != Setting::Place::street || !chance_.happens(0.6)) return;
    for (const double side : {-1.0, 1.0}) {
      double y = reach.near + 0.3 * (reach.far - reach.near);
      const double x = side * (half_width(mix_of(reach.near, reach.far, 0.55)) + 4);
      while (y < reach.far + 15) {
        const double depth = chance_.uniform(8, 18);
        house({x + side * 6, y + depth / 2, 0}, {6, depth / 2, chance_.uniform(4, 11)});
        y += depth + 0.2;
      }
    }
  }

 private:
  double half_width(double y) const { return half_width_of_view(camera_, terrain_, y); }

  Paint front(double half_width_m) {
    Paint paint;
    paint.kind = Paint::Kind::facade;
    paint.colour = from_hsv({chance_.uniform(0.02, 0.14), chance_.uniform(0, 0.4), chance_.uniform(0.4, 0.85)});
    paint.second = from_hsv({chance_.uniform(0.5, 0.65), 0.25, chance_.uniform(0.15, 0.5)});
    paint.scale = std::max(2.0, std::floor(half_width_m / chance_.uniform(1.2, 2.2)));
    paint.seed = chance_.bits();
    return paint;
  }

  void house(const Vec3& at, const Vec3& half) {
    box({at.x, at.y, terrain_.height(at.y) + half.z}, half, front(half.x > half.y ? half.x : half.y));
  }

  void houses(double y, double half) {
    double x = -half;
    while (x < half) {
      const double width = chance_.uniform(7, 24);
      if (chance_.happens(0.92)) {
        const double back = chance_.uniform(0, 6);
        house({x + width / 2, y + 8 + back, 0}, {width / 2, 8, chance_.log_uniform(3.5, 16)});
        // Shop fronts and signs at street level.
        const Paint sign = lettering(any_colour());
        const double z = terrain_.height(y) + chance_.uniform(2.8, 3.6);
        box({x + width / 2, y + back - 0.1, z}, {width * 0.35, 0.1, 0.4}, sign);
      }
      x += width + chance_.uniform(0, 2);
    }
  }

  void trees(double y, double half) {
    for (double x = -half; x < half; x += chance_.uniform(2.5, 6)) {
      const Vec3 foot = {x, y + chance_.uniform(0, 12), 0};
      tree(foot, chance_.uniform(5, 12));
    }
    Paint hedge = leaves();
    for (double x = -half; x < half; x += 3) {
      const double at = y + chance_.uniform(-0.5, 0.5);
      blob({x, at, terrain_.height(at) + 0.7}, {2.4, 1.2, chance_.uniform(1, 2.2)}, hedge, true);
    }
  }

  void wall(double y, double half) {
    const double height = chance_.uniform(3, 9);
    Paint paint = front(half);
    paint.scale = std::floor(half / chance_.uniform(2, 6)) + 1;
    box({0, y + 1, terrain_.height(y) + height}, {half, 1, height}, paint);
    for (double x = -half; x < half; x += chance_.uniform(4, 12)) {
      Paint banner = lettering(any_colour());
      banner.scale = 1 + chance_.uniform(0, 2);
      const double z = terrain_.height(y) + height * chance_.uniform(0.8, 1.6);
      box({x, y - 0.1, z}, {chance_.uniform(0.8, 2.5), 0.05, chance_.uniform(0.4, 1.2)}, banner);
    }
  }

  void stage(double y) {
    const double ground = terrain_.height(y);
    box({0, y + 5, ground + 0.8}, {11, 5, 0.8}, plain({0.02, 0.02, 0.02}));
    box({0, y + 10, ground + 5}, {12, 0.5, 5}, plain({0.04, 0.04, 0.05}));
    for (int i = 0; i < 9; ++i) {
      Paint lamp = plain(from_hsv({chance_.uniform(), chance_.uniform(0, 0.8), 1}));
      lamp.glow = chance_.uniform(1, 4);
      blob({chance_.uniform(-10, 10), y + 4, ground + chance_.uniform(5, 9)}, {0.3, 0.3, 0.3}, lamp);
    }
    for (const double side : {-1.0, 1.0})
      box({side * 10, y + 1, ground + 3.5}, {1.2, 1, 2}, plain({0.015, 0.015, 0.015}));
  }

  const Setting& setting_;
  const Camera& camera_;
};

}  // namespace

std::vector<Occluder> add_surroundings(Model& model, const Setting& setting, const Terrain& terrain, const Reach& reach,
                                       const Camera& camera, std::uint64_t seed, double amount) {
  Surroundings surroundings(model, setting, terrain, camera, seed);
  surroundings.background(reach);
  surroundings.street_sides(reach);
  Clutter clutter(model, setting, terrain, seed);
  Chance chance(seed, "synth clutter places");
  const auto things = static_cast<std::int64_t>(amount * static_cast<double>(chance.pick(7)) + 0.5);
  for (std::int64_t i = 0; i < things; ++i) {
    // The nearest stretch stays free: there one bin would fill the picture.
    const double y = mix_of(reach.near, reach.far, chance.uniform(0.12, 1));
    const double x = chance.uniform(-1, 1) * half_width_of_view(camera, terrain, y);
    clutter.thing({x, y, terrain.height(y)});
  }
  return clutter.occluders();
}

}  // namespace throng::synth
