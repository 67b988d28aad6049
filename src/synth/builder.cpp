#include "synth/builder.h"

namespace throng::synth {

void Builder::put(Solid solid, const Paint& paint, bool leafy) {
  solid.leafy = leafy;
  solid.paint = model_.add_paint(paint);
  model_.solids.push_back(solid);
}

void Builder::box(const Vec3& at, const Vec3& half, const Paint& paint, double yaw) {
  put(make_box(at, half, Frame{}.turned(yaw)), paint);
}

void Builder::blob(const Vec3& at, const Vec3& radii, const Paint& paint, bool leafy) {
  put(make_ellipsoid(at, radii, {}), paint, leafy);
}

void Builder::tree(const Vec3& foot, double height) {
  const Vec3 at = {foot.x, foot.y, terrain_.height(foot.y)};
  const Vec3 top = at + Vec3{0.1, 0, height * 0.6};
  put(make_limb(at + Vec3{0, 0, -0.2}, top, 0.014 * height + 0.04), plain(from_display(0.3, 0.25, 0.2)));
  const Paint paint = leaves();
  const int clouds = 9 + static_cast<int>(chance_.pick(8));
  for (int i = 0; i < clouds; ++i) {
    const Vec3 off = {chance_.bell() * 0.15 * height, chance_.bell() * 0.12 * height,
                      (0.68 + 0.13 * chance_.bell()) * height};
    const double radius = chance_.uniform(0.07, 0.18) * height;
    Paint tinted = paint;
    tinted.colour = paint.colour * chance_.uniform(0.75, 1.2);
    tinted.seed = chance_.bits();
    blob(at + off, {radius, radius, radius * 0.75}, tinted, true);
  }
}

Paint Builder::plain(const Vec3& colour, double gloss) const {
  Paint paint;
  paint.colour = colour;
  paint.gloss = gloss;
  return paint;
}

Paint Builder::grey(double darkest, double lightest, double gloss) {
  return plain(Vec3{1, 1, 1} * chance_.uniform(darkest, lightest), gloss);
}

Paint Builder::any_colour() {
  double saturation = chance_.uniform(0, 0.8);
  saturation *= chance_.uniform();
  return plain(from_hsv({chance_.uniform(), saturation, chance_.uniform(0.12, 0.7)}), 0.15);
}

Paint Builder::leaves() {
  Paint paint;
  paint.kind = Paint::Kind::foliage;
  paint.colour = from_hsv({chance_.uniform(0.17, 0.29), chance_.uniform(0.25, 0.55), chance_.uniform(0.3, 0.52)});
  paint.second = paint.colour * 0.3;
  paint.seed = chance_.bits();
  paint.soft = 0.5;
  return paint;
}

Paint Builder::lettering(const Paint& ground) {
  Paint paint = ground;
  paint.kind = Paint::Kind::lettering;
  paint.second = from_display(0.92, 0.92, 0.9);
  paint.seed = chance_.bits();
  return paint;
}

}  // namespace throng::synth
