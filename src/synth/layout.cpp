#include "synth/layout.h"

#include "synth/chance.h"
#include "synth/noise.h"

namespace throng::synth {

namespace {

constexpr double kHeadHeight = 1.6;  ///< metres above the ground
constexpr double kFarthest = 600;    ///< metres
constexpr double kDensest = 7;       ///< people per square metre: nobody can move any more
constexpr double kSteepest = 72 * kDegree;
constexpr double kSmallestHead = 3.8;  ///< pixels

double slope_angle(double slope) {
  double angle = 0;  // atan by Newton steps on tan: the slope is far below 1
  for (int step = 0; step < 20; ++step) {
    const Direction d = direction(angle);
    angle -= (d.sine - slope * d.cosine) * 0.9;
  }
  return angle;
}

/// The camera height at which heads at the lower edge have the plan's largest size.
double lowest_camera(const Plan& plan, const SceneOptions& options, const Setting& setting) {
  Plan unit_height = plan;
  unit_height.camera_height = kHeadHeight + 1;
  const Camera camera = unit_height.camera(options, setting);
  const double depth = camera.depth_of_ground(options.width / 2.0, options.height, {setting.slope}, kHeadHeight);
  const double wanted = plan.focal * 0.19 / plan.largest_head;
  return kHeadHeight + std::max(0.9, depth > 0 ? wanted / depth : 1.0);
}

/// How much of the crowd stands at a place, 0 to 1; x and y in units of the view: x from -1 to 1, y from 0 near to 1
/// far.
double crowd_shape(const Plan& plan, double x, double y) {
  const double p = plan.shape_position;
  switch (plan.shape) {
    case 1:
      return smooth_step(0.75, 0.6, std::fabs(x - (p - 0.5)));  // a procession towards the camera
    case 2:
      return smooth_step(-0.1, 0.1, (x * (p - 0.5) * 2) + 0.35 - 0.3 * y);  // one side of the picture
    case 3:
      return smooth_step(1.15, 0.9, x * x + (2 * y - 1) * (2 * y - 1) * 1.2);  // a gathering
    case 4:
      return smooth_step(0.04, 0.1, std::fabs(y - 0.2 - 0.4 * p + 0.1 * x));  // an aisle across
    case 5:
      return smooth_step(0.05, 0.1, std::fabs(x - (p - 0.5)));  // an aisle away
    default:
      return 1;
  }
}

}  // namespace

Camera Plan::camera(const SceneOptions& options, const Setting& setting) const {
  Camera::View view;
  view.height = camera_height;
  view.pitch = grazing - slope_angle(setting.slope);
  view.roll = roll;
  view.focal = focal;
  view.width = options.width;
  view.picture_height = options.height;
  return Camera(view);
}

Plan choose_plan(const SceneOptions& options, const Setting& setting) {
  Chance chance(options.seed, "synth plan");
  Plan plan;
  const double size = std::sqrt(static_cast<double>(options.width) * options.height);
  const double scale = size / 887;  // 1 at 1024 x 768
  plan.focal = size * chance.log_uniform(0.9, 2.2);
  const double people = static_cast<double>(options.people);
  const double crowded = smooth_step(3, 7.5, logarithm(people + 1));
  plan.grazing = chance.uniform(7, 28) * kDegree;
  plan.grazing += crowded * chance.uniform(0, 5) * kDegree;
  if (setting.place == Setting::Place::stands) plan.grazing += 8 * kDegree;
  plan.roll = 0.02 * chance.bell();
  plan.density = chance.log_uniform(mix_of(0.15, 2.8, crowded), mix_of(1.2, 6.2, crowded));
  plan.smallest_head = std::max(kSmallestHead, chance.uniform(4.5, 9) * std::min(1.3, scale));
  plan.largest_head = chance.log_uniform(26, 75) * scale;
  plan.largest_head = std::max(plan.largest_head, plan.smallest_head * 1.8);
  plan.clumping = chance.happens(0.5) ? chance.uniform(0, 0.35) : chance.uniform(0.35, 1);
  plan.shape = static_cast<int>(chance.weighted({0.5, 0.1, 0.12, 0.1, 0.09, 0.09}));
  plan.shape_position = chance.uniform();
  plan.seed = chance.bits();
  plan.camera_height = lowest_camera(plan, options, setting);
  return plan;
}

void grow(Plan& plan, const SceneOptions& options, const Setting& setting) {
  plan.camera_height = kHeadHeight + (plan.camera_height - kHeadHeight) * 1.1;
  const Camera camera = plan.camera(options, setting);
  const double nearest = camera.depth_of_ground(options.width / 2.0, options.height, {setting.slope}, kHeadHeight);
  if (nearest > 0 && head_pixels(camera, nearest) > plan.smallest_head * 1.35) return;
  plan.density = std::min(kDensest, plan.density * 1.35);
  plan.grazing = std::min(kSteepest, plan.grazing + 7 * kDegree);
  plan.smallest_head = std::max(kSmallestHead, plan.smallest_head * 0.85);
  plan.clumping *= 0.6;
  plan.clutter *= 0.5;
  plan.focal = std::min(plan.focal * 1.2, 3.0 * std::max(options.width, options.height));  // nearer to a parallel view
  plan.shape = 0;
  plan.camera_height = lowest_camera(plan, options, setting);
}

Reach reach_of(const Plan& plan, const Camera& camera, const Terrain& terrain) {
  const double middle = camera.width() / 2.0;
  const double near_depth = camera.depth_of_ground(middle, camera.height(), terrain, kHeadHeight);
  if (near_depth <= 0) return {};
  const double far_depth = camera.focal() * 0.19 / plan.smallest_head;
  const double top_depth = camera.depth_of_ground(middle, 0, terrain, kHeadHeight);
  const auto along = [&](double depth, double pixel_y) { return camera.ray(middle, pixel_y).y * depth; };
  Reach reach;
  reach.near = std::max(0.5, along(near_depth, camera.height()));
  if (top_depth > 0 && top_depth < far_depth) {
    reach.far = along(top_depth, 0);
  } else {
    // The ground point on the optical plane at that depth: depth = y * forward.y - (height(y) + 1.6 - camera.z) ...
    const Vec3& f = camera.forward();
    const double rate = f.y + terrain.slope * f.z;
    reach.far = (far_depth + (camera.position().z - kHeadHeight) * f.z) / std::max(rate, 0.05);
  }
  reach.far = std::min(kFarthest, std::max(reach.near + 0.5, reach.far));
  return reach;
}

std::vector<Spot> find_spots(const Plan& plan, const Camera& camera, const Terrain& terrain) {
  const Reach reach = reach_of(plan, camera, terrain);
  const double step = std::sqrt(1 / (0.866 * plan.density));
  const double clump_size = 5 + 10 * lattice(1, 0, 0, plan.seed);
  std::vector<Spot> spots;
  std::int64_t row = 0;
  for (double y = std::max(0.4, reach.near - 2); y < reach.far + 2 && row < 4000; y += step * 0.866, ++row) {
    const double depth = camera.project({0, y, terrain.height(y) + kHeadHeight}).depth;
    if (depth < 0.8) continue;
    const double half = (camera.width() * 0.5 / camera.focal()) * depth * 1.06 + 1.2;
    const auto columns = static_cast<std::int64_t>(half / step) + 1;
    for (std::int64_t column = -columns; column <= columns; ++column) {
      const auto draw = [&](int which) { return lattice(column, row, which, plan.seed); };
      Spot spot;
      spot.foot.x = (static_cast<double>(column) + (row % 2) * 0.5 + 0.7 * (draw(0) - 0.5)) * step;
      spot.foot.y = y + 0.6 * (draw(1) - 0.5) * step;
      spot.foot.z = terrain.height(spot.foot.y);
      spot.id = static_cast<std::uint64_t>(row) * 100003U + static_cast<std::uint64_t>(column + 50000);
      const double clump = fractal_noise(spot.foot * (1 / clump_size), plan.seed + 17, 2);
      const double keep = mix_of(1.0, smooth_step(0.42, 0.58, clump), plan.clumping) *
                          crowd_shape(plan, spot.foot.x / half, (y - reach.near) / (reach.far - reach.near));
      if (draw(2) >= keep) continue;
      const auto at = camera.project(spot.foot + Vec3{0, 0, kHeadHeight});
      const double size = head_pixels(camera, at.depth);
      if (at.depth < 0.8 || size < plan.smallest_head) continue;
      const auto inset = [&](double margin) {
        return at.x >= margin && at.y >= margin && at.x < camera.width() - margin && at.y < camera.height() - margin;
      };
      spot.in_picture = inset(0.35 * size + 0.5);
      if (spot.in_picture || !inset(-1.1 * size - 1)) spots.push_back(spot);
    }
  }
  return spots;
}

}  // namespace throng::synth
