#include "synth/raster.h"

#include "synth/noise.h"

namespace throng::synth {

namespace {

constexpr double kNear = 0.3;  ///< metres; nothing nearer is drawn

/// Sample positions, half open; may reach beyond the picture.
struct Bounds {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  bool empty() const { return left >= right || top >= bottom; }
  Bounds clipped_to(const DepthBuffer& buffer) const {
    return {std::max(left, 0), std::max(top, 0), std::min(right, buffer.width()), std::min(bottom, buffer.height())};
  }
  Bounds united(const Bounds& o) const {
    if (empty()) return o;
    if (o.empty()) return *this;
    return {std::min(left, o.left), std::min(top, o.top), std::max(right, o.right), std::max(bottom, o.bottom)};
  }
};

/// The sample position before a coordinate in pixels, kept in a range that cannot overflow.
int sample_at(double pixel, int samples) {
  return static_cast<int>(std::floor(std::min(1e6, std::max(-1e6, pixel * samples))));
}

Vec3 in_camera(const Camera& camera, const Vec3& v) {
  return {dot(camera.right(), v), dot(camera.down(), v), dot(camera.forward(), v)};
}

/// One axis of the solid's outline: half the extent of the solid as a vector, camera axes.
std::array<Vec3, 3> half_axes(const Camera& camera, const Solid& solid) {
  std::array<Vec3, 3> axes;
  for (int i = 0; i < 3; ++i) {
    const Vec3& row = solid.to_unit.row[static_cast<std::size_t>(i)];
    axes[static_cast<std::size_t>(i)] = in_camera(camera, row * (1 / dot(row, row)));
  }
  return axes;
}

/// The outline's bounding box from the dual conic of the ellipsoid's image: lines x = const that touch it.
Bounds ellipsoid_bounds(const Camera& camera, const Solid& solid, int samples) {
  const Vec3 c = in_camera(camera, solid.centre - camera.position());
  const auto axes = half_axes(camera, solid);
  Vec3 along_x;  // sum of axis.x * axis, less c.x * c, and so on: rows of the dual conic
  Vec3 along_y;
  double zz = 0;
  for (const Vec3& axis : axes) {
    along_x += axis * axis.x;
    along_y += axis * axis.y;
    zz += axis.z * axis.z;
  }
  if (c.z - std::sqrt(zz) < kNear) return {};
  const double c22 = zz - c.z * c.z;
  const auto touching = [&](double ii, double iz) {
    const double root = std::sqrt(std::max(0.0, iz * iz - ii * c22));
    return std::pair((iz + root) / c22, (iz - root) / c22);
  };
  const auto [left, right] = touching(along_x.x - c.x * c.x, along_x.z - c.x * c.z);
  const auto [top, bottom] = touching(along_y.y - c.y * c.y, along_y.z - c.y * c.z);
  return {sample_at(camera.pixel_x(left), samples), sample_at(camera.pixel_y(top), samples),
          sample_at(camera.pixel_x(right), samples) + 1, sample_at(camera.pixel_y(bottom), samples) + 1};
}

Bounds box_bounds(const Camera& camera, const Solid& solid, int samples) {
  const Vec3 c = in_camera(camera, solid.centre - camera.position());
  const auto axes = half_axes(camera, solid);
  Bounds bounds;
  for (int corner = 0; corner < 8; ++corner) {
    const Vec3 p =
        c + axes[0] * (corner & 1 ? 1 : -1) + axes[1] * (corner & 2 ? 1 : -1) + axes[2] * (corner & 4 ? 1 : -1);
    if (p.z < kNear) return {};
    const int i = sample_at(camera.pixel_x(p.x / p.z), samples);
    const int j = sample_at(camera.pixel_y(p.y / p.z), samples);
    bounds = bounds.united({i, j, i + 1, j + 1});
  }
  return bounds;
}

Bounds bounds_of(const Camera& camera, const Solid& solid, int samples) {
  return solid.shape == Solid::Shape::box ? box_bounds(camera, solid, samples)
                                          : ellipsoid_bounds(camera, solid, samples);
}

/// The rays through the picture in the solid's own coordinates: origin + depth * (across * x + below * y + ahead), x
/// and y normalised.
struct View {
  Vec3 origin;
  Vec3 across;
  Vec3 below;
  Vec3 ahead;

  View(const Camera& camera, const Solid& solid)
      : origin(solid.to_unit * (camera.position() - solid.centre)),
        across(solid.to_unit * camera.right()),
        below(solid.to_unit * camera.down()),
        ahead(solid.to_unit * camera.forward()) {}
};

/// An ellipsoid line by line. Along a line both the discriminant and the denominator of the depth are quadratic in x;
/// the discriminant's roots are the ends of the run. Counted from the run's middle, floats are exact enough.
class EllipsoidLines {
 public:
  EllipsoidLines(const Camera& camera, const Solid& solid, int samples)
      : camera_(camera), samples_(samples), step_(1 / (camera.focal() * samples)) {
    const View view(camera, solid);
    c_ = dot(view.origin, view.origin) - 1;
    og_ = dot(view.origin, view.across);
    ob_ = dot(view.origin, view.below);
    oa_ = dot(view.origin, view.ahead);
    gg_ = dot(view.across, view.across);
    gb_ = dot(view.across, view.below);
    ga_ = dot(view.across, view.ahead);
    bb_ = dot(view.below, view.below);
    ba_ = dot(view.below, view.ahead);
    aa_ = dot(view.ahead, view.ahead);
    qa_ = og_ * og_ - gg_ * c_;
  }

  /// visit(i, depth) for the samples of line j between left and right that see it.
  template <class Visit>
  void line(int j, int left, int right, Visit&& visit) const {
    const double y = camera_.normal_y((j + 0.5) / samples_);
    const double oe = ob_ * y + oa_;
    const double ge = gb_ * y + ga_;
    const double ee = (bb_ * y + 2 * ba_) * y + aa_;
    const double qb = og_ * oe - ge * c_;
    const double inside = qb * qb - qa_ * (oe * oe - ee * c_);
    if (inside <= 0 || qa_ >= 0) return;
    const double middle = -qb / qa_;
    const double half = -std::sqrt(inside) / qa_;
    const double first = (camera_.pixel_x(middle - half)) * samples_ - 0.5;
    const double last = (camera_.pixel_x(middle + half)) * samples_ - 0.5;
    if (last < left || first > right) return;
    const int begin = std::max(left, static_cast<int>(std::ceil(std::max(-1e6, first))));
    const int end = std::min(right, static_cast<int>(std::ceil(std::min(1e6, last))));
    const auto step = static_cast<float>(step_);
    const auto from = static_cast<float>(camera_.normal_x((begin + 0.5) / samples_) - middle);
    const auto half2 = static_cast<float>(half * half);
    const auto scale = static_cast<float>(-qa_);
    const auto n0 = static_cast<float>(-(oe + og_ * middle));
    const auto n1 = static_cast<float>(-og_);
    const auto d0 = static_cast<float>(ee + middle * (2 * ge + gg_ * middle));
    const auto d1 = static_cast<float>(2 * (ge + gg_ * middle));
    const auto d2 = static_cast<float>(gg_);
    for (int i = begin; i < end; ++i) {
      const float u = from + step * static_cast<float>(i - begin);
      const float root = std::sqrt(std::max(0.0F, scale * (half2 - u * u)));
      visit(i, (n0 + n1 * u - root) / (d0 + u * (d1 + d2 * u)));
    }
  }

 private:
  const Camera& camera_;
  int samples_;
  double step_;
  // Products of the vectors of View, by their first letters.
  double c_, og_, ob_, oa_, gg_, gb_, ga_, bb_, ba_, aa_, qa_;
};

/// Where a ray enters a box, by slabs; false when it misses.
bool enter_box(const Vec3& origin, const Vec3& ray, double& depth) {
  double from = -1e30;
  double to = 1e30;
  const auto slab = [&](double o, double d) {
    if (std::fabs(d) < 1e-12) return std::fabs(o) <= 1;
    const double a = (-1 - o) / d;
    const double b = (1 - o) / d;
    from = std::max(from, std::min(a, b));
    to = std::min(to, std::max(a, b));
    return true;
  };
  if (!slab(origin.x, ray.x) || !slab(origin.y, ray.y) || !slab(origin.z, ray.z) || from > to) return false;
  depth = from;
  return true;
}

/// visit(i, j, depth) for the samples within bounds that see the solid.
template <class Visit>
void for_each_sample(const Camera& camera, const Solid& solid, int samples, const Bounds& bounds, Visit&& visit) {
  if (solid.shape == Solid::Shape::ellipsoid) {
    const EllipsoidLines lines(camera, solid, samples);
    for (int j = bounds.top; j < bounds.bottom; ++j) {
      lines.line(j, bounds.left, bounds.right, [&](int i, float depth) { visit(i, j, depth); });
    }
    return;
  }
  const View view(camera, solid);
  for (int j = bounds.top; j < bounds.bottom; ++j) {
    const Vec3 along = view.below * camera.normal_y((j + 0.5) / samples) + view.ahead;
    for (int i = bounds.left; i < bounds.right; ++i) {
      double depth = 0;
      const Vec3 ray = view.across * camera.normal_x((i + 0.5) / samples) + along;
      if (enter_box(view.origin, ray, depth) && depth > kNear) visit(i, j, static_cast<float>(depth));
    }
  }
}

/// Whether foliage has a hole where a ray meets it: more towards its outline.
bool hole_in_leaves(const Camera& camera, const Solid& solid, double x, double y, double depth) {
  const Vec3 q = solid.to_unit * (camera.position() + camera.ray(x, y) * depth - solid.centre);
  const double facing = std::fabs(dot(unit(solid.to_unit * camera.ray(x, y)), q));
  const auto seed = static_cast<std::uint32_t>(solid.paint);
  return fractal_noise(q * 5.0, seed, 2) < 0.52 - 0.35 * facing;
}

}  // namespace

void draw_solid(DepthBuffer& buffer, const Camera& camera, const Solid& solid, std::uint32_t index) {
  const int samples = buffer.samples();
  const Bounds bounds = bounds_of(camera, solid, samples).clipped_to(buffer);
  if (bounds.empty()) return;
  for_each_sample(camera, solid, samples, bounds, [&](int i, int j, float depth) {
    if (solid.leafy && hole_in_leaves(camera, solid, (i + 0.5) / samples, (j + 0.5) / samples, depth)) return;
    buffer.put(buffer.at(i, j), depth, index);
  });
}

HeadView look_at_head(const DepthBuffer& buffer, const Camera& camera, std::span<const Solid> solids) {
  const int samples = buffer.samples();
  Bounds all;
  for (const Solid& solid : solids) {
    if (solid.head) all = all.united(bounds_of(camera, solid, samples));
  }
  HeadView view;
  constexpr int kLargest = 4096;  // samples; a head that fills the picture is none that we place
  if (all.empty() || all.right - all.left > kLargest || all.bottom - all.top > kLargest) return view;
  constexpr std::uint8_t kOutline = 1;
  constexpr std::uint8_t kSeen = 2;
  const int width = all.right - all.left;
  std::vector<std::uint8_t> marks(static_cast<std::size_t>(width) * static_cast<std::size_t>(all.bottom - all.top), 0);
  for (const Solid& solid : solids) {
    if (!solid.head) continue;
    for_each_sample(camera, solid, samples, bounds_of(camera, solid, samples), [&](int i, int j, float depth) {
      std::uint8_t& mark =
          marks[static_cast<std::size_t>(j - all.top) * width + static_cast<std::size_t>(i - all.left)];
      mark |= kOutline;
      const bool in_picture = i >= 0 && j >= 0 && i < buffer.width() && j < buffer.height();
      if (in_picture && depth < buffer.depth(buffer.at(i, j))) mark |= kSeen;
    });
  }
  for (const std::uint8_t mark : marks) {
    view.total += mark & kOutline;
    view.visible += (mark & kSeen) / kSeen;
  }
  return view;
}

}  // namespace throng::synth
