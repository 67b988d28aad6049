#include "synth/camera.h"

namespace throng::synth {

Camera::Camera(const View& view)
    : position_{0, 0, view.height},
      focal_(view.focal),
      centre_x_(view.width / 2.0),
      centre_y_(view.picture_height / 2.0),
      width_(view.width),
      height_(view.picture_height) {
  const Direction pitch = direction(view.pitch);
  const Direction roll = direction(view.roll);
  forward_ = {0, pitch.cosine, -pitch.sine};
  const Vec3 down = {0, -pitch.sine, -pitch.cosine};
  const Vec3 right = {1, 0, 0};
  right_ = right * roll.cosine + down * roll.sine;
  down_ = down * roll.cosine - right * roll.sine;
}

Camera::Projection Camera::project(const Vec3& p) const {
  const Vec3 from = p - position_;
  const double depth = dot(from, forward_);
  if (depth <= 1e-3) return {0, 0, depth};
  return {pixel_x(dot(from, right_) / depth), pixel_y(dot(from, down_) / depth), depth};
}

double Camera::depth_of_ground(double x, double y, const Terrain& terrain, double lift) const {
  const Vec3 d = ray(x, y);
  const double falling = terrain.slope * d.y - d.z;
  if (falling <= 1e-6) return -1;
  return (position_.z - lift - terrain.slope * position_.y) / falling;
}

}  // namespace throng::synth
