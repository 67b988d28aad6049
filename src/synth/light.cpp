#include "synth/light.h"

#include <iterator>

namespace throng::synth {

namespace {

constexpr double kCell = 0.5;       ///< metres
constexpr double kPenumbra = 0.05;  ///< metres
constexpr double kMargin = 0.2;     ///< metres around an occluder, so that no ray steps over its cells
constexpr double kTallest = 2.0;    ///< metres; nothing that matters for shadows of people is higher

/// Radius of a standing person at a height given as a share of the whole, between these.
struct Girth {
  double share;
  double radius;
};
constexpr Girth kGirths[] = {{0, 0.1},      {0.45, 0.16}, {0.62, 0.19}, {0.77, 0.24}, {0.83, 0.2},
                             {0.865, 0.08}, {0.89, 0.09}, {0.94, 0.11}, {1.02, 0.03}};

double body_radius(double share) {
  const Girth* above = kGirths + 1;
  while (above + 1 < std::end(kGirths) && above->share < share) ++above;
  const Girth& below = above[-1];
  return mix_of(below.radius, above->radius, clamp01((share - below.share) / (above->share - below.share)));
}

}  // namespace

Light::Light(const Setting& setting, const Terrain& terrain, std::vector<Occluder> occluders)
    : setting_(setting), terrain_(terrain), occluders_(std::move(occluders)) {
  if (occluders_.empty()) return;
  double right = occluders_[0].x;
  double far = occluders_[0].y;
  left_ = right;
  near_ = far;
  for (const Occluder& o : occluders_) {
    left_ = std::min(left_, o.x - o.radius);
    right = std::max(right, o.x + o.radius);
    near_ = std::min(near_, o.y - o.radius);
    far = std::max(far, o.y + o.radius);
  }
  left_ -= 1;
  near_ -= 1;
  columns_ = static_cast<std::int64_t>((right + 1 - left_) / kCell) + 1;
  rows_ = static_cast<std::int64_t>((far + 1 - near_) / kCell) + 1;
  const auto visit_cells = [&](const Occluder& o, double margin, auto&& visit) {
    const auto reach = o.radius + margin;
    const auto c0 = std::max<std::int64_t>(0, static_cast<std::int64_t>((o.x - reach - left_) / kCell));
    const auto c1 = std::min(columns_ - 1, static_cast<std::int64_t>((o.x + reach - left_) / kCell));
    const auto r0 = std::max<std::int64_t>(0, static_cast<std::int64_t>((o.y - reach - near_) / kCell));
    const auto r1 = std::min(rows_ - 1, static_cast<std::int64_t>((o.y + reach - near_) / kCell));
    for (std::int64_t r = r0; r <= r1; ++r) {
      for (std::int64_t c = c0; c <= c1; ++c) visit(static_cast<std::size_t>(r * columns_ + c));
    }
  };
  starts_.assign(static_cast<std::size_t>(columns_ * rows_) + 1, 0);
  crowding_.assign(static_cast<std::size_t>(columns_ * rows_), 0);
  for (const Occluder& o : occluders_) visit_cells(o, kMargin, [&](std::size_t at) { ++starts_[at + 1]; });
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  members_.resize(starts_.back());
  std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
  for (std::size_t i = 0; i < occluders_.size(); ++i) {
    const Occluder& o = occluders_[i];
    visit_cells(o, kMargin, [&](std::size_t at) { members_[next[at]++] = static_cast<std::uint32_t>(i); });
    // Spread over about 1.6 m x 1.6 m.
    visit_cells(o, 0.5, [&](std::size_t at) { crowding_[at] += 1.0F / 2.6F; });
  }
}

Light::Cells Light::cell(double x, double y) const {
  if (columns_ == 0 || x < left_ || y < near_) return {};
  const auto c = static_cast<std::int64_t>((x - left_) / kCell);
  const auto r = static_cast<std::int64_t>((y - near_) / kCell);
  if (c >= columns_ || r >= rows_) return {};
  const auto at = static_cast<std::size_t>(r * columns_ + c);
  return {members_.data() + starts_[at], members_.data() + starts_[at + 1]};
}

double Light::shadow_of(const Occluder& o, const Vec3& p, double flat) const {
  const Vec3& sun = setting_.sun_direction;
  const double dx = o.x - p.x;
  const double dy = o.y - p.y;
  const double along = (dx * sun.x + dy * sun.y) / (flat * flat);  // where the ray to the sun passes the axis
  const double ahead = smooth_step(-0.1, 0.1, along * flat);       // a shadow begins softly, at the feet
  if (ahead <= 0) return 0;
  const double share = (p.z + along * sun.z - o.ground) / o.height;
  if (share < -0.1 || share > 1.02) return 0;
  const double aside = std::fabs(dx * sun.y - dy * sun.x) / flat;
  const double radius = o.owner == kNobody ? o.radius : body_radius(share);
  return ahead * smooth_step(radius + kPenumbra, radius - kPenumbra, aside);
}

double Light::sun(const Vec3& p, std::int32_t owner) const {
  const Vec3& sun = setting_.sun_direction;
  const double flat = std::sqrt(sun.x * sun.x + sun.y * sun.y);
  if (flat < 1e-3 || columns_ == 0) return 1;
  double lit = 1;
  const double step = kCell * 0.7;
  for (double out = 0.02; out < 8; out += step) {
    const double z = p.z + out / flat * sun.z;
    const double x = p.x + sun.x / flat * out;
    const double y = p.y + sun.y / flat * out;
    if (z - terrain_.height(y) > kTallest) break;
    const Cells members = cell(x, y);
    for (const std::uint32_t* i = members.begin; i != members.end; ++i) {
      const Occluder& o = occluders_[*i];
      if (o.owner == owner && owner != kNobody) continue;
      lit = std::min(lit, 1 - shadow_of(o, p, flat));
      if (lit <= 0) return 0;
    }
  }
  return lit;
}

double Light::openness(const Vec3& p) const {
  if (columns_ == 0) return 1;
  const double above = p.z - terrain_.height(p.y);
  const double depth = 1.62 - above;
  if (depth <= 0) return 1;
  // Between cells, so that no grid shows.
  const double fx = (p.x - left_) / kCell - 0.5;
  const double fy = (p.y - near_) / kCell - 0.5;
  const auto c = static_cast<std::int64_t>(std::floor(fx));
  const auto r = static_cast<std::int64_t>(std::floor(fy));
  if (c < 0 || r < 0 || c + 1 >= columns_ || r + 1 >= rows_) return 1;
  const auto at = [&](std::int64_t rr, std::int64_t cc) {
    return static_cast<double>(crowding_[static_cast<std::size_t>(rr * columns_ + cc)]);
  };
  const double u = fx - std::floor(fx);
  const double v = fy - std::floor(fy);
  const double crowding = mix_of(mix_of(at(r, c), at(r, c + 1), u), mix_of(at(r + 1, c), at(r + 1, c + 1), u), v);
  return std::max(0.08, exponential(-0.55 * crowding * depth));
}

double Light::contact(const Vec3& p) const {
  double light = 1;
  const Cells members = cell(p.x, p.y);
  for (const std::uint32_t* i = members.begin; i != members.end; ++i) {
    const Occluder& o = occluders_[*i];
    const double dx = (p.x - o.x) / o.radius;
    const double dy = (p.y - o.y) / o.radius;
    light = std::min(light, 0.45 + 0.55 * smooth_step(0.2, 1.2, dx * dx + dy * dy));
  }
  return light;
}

}  // namespace throng::synth
