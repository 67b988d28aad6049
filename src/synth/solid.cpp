#include "synth/solid.h"

namespace throng::synth {

Frame Frame::turned(double yaw, double nod, double lean) const {
  Frame f = *this;
  const Direction y = direction(yaw);
  f.right = right * y.cosine + front * y.sine;
  f.front = front * y.cosine - right * y.sine;
  const Direction n = direction(nod);
  const Vec3 front_now = f.front;
  f.front = front_now * n.cosine - f.up * n.sine;
  f.up = f.up * n.cosine + front_now * n.sine;
  const Direction l = direction(lean);
  const Vec3 right_now = f.right;
  f.right = right_now * l.cosine - f.up * l.sine;
  f.up = f.up * l.cosine + right_now * l.sine;
  return f;
}

Solid make_ellipsoid(const Vec3& centre, const Vec3& radii, const Frame& frame) {
  Solid solid;
  solid.centre = centre;
  solid.to_unit.row = {frame.right * (1 / radii.x), frame.front * (1 / radii.y), frame.up * (1 / radii.z)};
  return solid;
}

Solid make_box(const Vec3& centre, const Vec3& half_sizes, const Frame& frame) {
  Solid solid = make_ellipsoid(centre, half_sizes, frame);
  solid.shape = Solid::Shape::box;
  return solid;
}

Solid make_limb(const Vec3& a, const Vec3& b, double radius) {
  Frame frame;
  frame.up = unit(b - a);
  frame.right = unit(cross(std::fabs(frame.up.z) < 0.9 ? Vec3{0, 0, 1} : Vec3{0, 1, 0}, frame.up));
  frame.front = cross(frame.up, frame.right);
  return make_ellipsoid((a + b) * 0.5, {radius, radius, length(b - a) * 0.5 + radius * 0.7}, frame);
}

}  // namespace throng::synth
