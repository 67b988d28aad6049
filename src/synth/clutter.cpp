#include "synth/clutter.h"

namespace throng::synth {

void Clutter::stands_at(const Vec3& at, double radius, double height) {
  occluders_.push_back({at.x, at.y, at.z, height, radius, kNobody});
}

void Clutter::thing(const Vec3& at) {
  const bool green = setting_.place == Setting::Place::park || setting_.place == Setting::Place::beach;
  const bool indoor = setting_.place == Setting::Place::hall || setting_.place == Setting::Place::stands ||
                      setting_.place == Setting::Place::concert;
  switch (chance_.weighted({3, 2, 1.6, green || indoor ? 0.2 : 1.8, indoor ? 0 : 1.5, green ? 2.0 : 0.7, 1, 1.2, 1})) {
    case 0:
      pole(at);
      break;
    case 1:
      bin(at);
      break;
    case 2:
      sign(at);
      break;
    case 3:
      car(at);
      break;
    case 4:
      tree_among(at);
      break;
    case 5:
      bush(at);
      break;
    case 6:
      stall(at);
      break;
    case 7:
      barrier(at);
      break;
    default:
      boxes(at);
      break;
  }
}

void Clutter::pole(const Vec3& at) {
  const double height = chance_.uniform(3, 8);
  const Paint paint = grey(0.02, 0.45, 0.3);
  box(at + Vec3{0, 0, height / 2}, {0.05, 0.05, height / 2}, paint);
  Paint lamp = plain({0.8, 0.78, 0.7});
  if (chance_.happens(0.6)) blob(at + Vec3{0, 0, height}, {0.22, 0.22, 0.2}, lamp);
  if (chance_.happens(0.3)) box(at + Vec3{0.55, 0, height - 0.6}, {0.5, 0.02, 0.35}, any_colour());
  stands_at(at, 0.06, height);
}

void Clutter::bin(const Vec3& at) {
  const Paint paint = any_colour();
  const double r = chance_.uniform(0.22, 0.4);
  box(at + Vec3{0, 0, 0.45}, {r, r, 0.45}, paint, chance_.uniform(0, 1.5));
  if (chance_.happens(0.5)) blob(at + Vec3{0, 0, 0.92}, {r, r, 0.16}, paint);
  stands_at(at, r * 1.3, 1);
}

void Clutter::sign(const Vec3& at) {
  const double height = chance_.uniform(1.4, 2.6);
  box(at + Vec3{0, 0, height / 2}, {0.03, 0.03, height / 2}, plain({0.3, 0.3, 0.3}));
  const Paint plate = lettering(any_colour());
  const Vec3 top = at + Vec3{0, -0.05, height};
  if (chance_.happens(0.5)) {
    blob(top, {0.3, 0.02, 0.3}, plain(from_hsv({chance_.pick(2) * 0.6, 0.85, 0.75})));
  } else {
    const Vec3 half = {chance_.uniform(0.3, 0.7), 0.02, chance_.uniform(0.2, 0.4)};
    box(top, half, plate, chance_.uniform(-0.6, 0.6));
  }
  stands_at(at, 0.25, height);
}

void Clutter::car(const Vec3& at) {
  const double yaw = chance_.happens(0.5) ? chance_.uniform(-0.2, 0.2) : 1.57 + chance_.uniform(-0.2, 0.2);
  const Frame f = Frame{}.turned(yaw);
  Paint body = chance_.happens(0.7) ? grey(0.01, 0.7) : any_colour();
  body.gloss = 0.5;
  const Paint glass = plain({0.02, 0.025, 0.03}, 0.8);
  const bool van = chance_.happens(0.3);
  put(make_box(at + Vec3{0, 0, 0.62}, {0.88, 2.15, 0.3}, f), body);
  put(make_ellipsoid(at + Vec3{0, 0, 0.85}, {0.95, 2.3, 0.3}, f), body);
  if (van) {
    put(make_box(at + Vec3{0, 0, 1.3}, {0.88, 2.05, 0.75}, f), body);
    put(make_box(at + Vec3{0, 0, 1.55}, {0.9, 1.7, 0.25}, f), glass);
  } else {
    put(make_ellipsoid(at + Vec3{0, 0, 1.0} - f.front * 0.2, {0.8, 1.45, 0.52}, f), glass);
    put(make_ellipsoid(at + Vec3{0, 0, 1.22} - f.front * 0.25, {0.66, 0.95, 0.32}, f), body);
  }
  for (const double x : {-0.85, 0.85}) {
    for (const double y : {-1.35, 1.35}) {
      put(make_ellipsoid(at + f.place({x, y, 0.32}), {0.12, 0.33, 0.33}, f), plain({0.015, 0.015, 0.015}));
    }
  }
  for (const double y : {-1.4, 0.0, 1.4}) stands_at(at + f.front * y, 1.05, 1.3);
}

void Clutter::tree_among(const Vec3& at) {
  tree(at, chance_.uniform(4, 8));
  stands_at(at, 0.25, 2);
}

void Clutter::bush(const Vec3& at) {
  const double r = chance_.uniform(0.4, 1.2);
  blob(at + Vec3{0, 0, r * 0.6}, {r, r, r * 0.8}, leaves(), true);
  stands_at(at, r, r * 1.4);
}

void Clutter::stall(const Vec3& at) {
  const Paint roof = any_colour();
  const double r = chance_.uniform(1, 1.8);
  for (const double x : {-0.9, 0.9}) {
    for (const double y : {-0.9, 0.9}) box(at + Vec3{x * r, y * r, 1.1}, {0.03, 0.03, 1.1}, plain({0.5, 0.5, 0.5}));
  }
  for (int layer = 0; layer < 5; ++layer) {  // a pitched roof in steps
    const double share = 1 - 0.2 * layer;
    box(at + Vec3{0, 0, 2.2 + 0.13 * layer}, {r * 1.2 * share, r * 1.2 * share, 0.07}, roof);
  }
  box(at + Vec3{0, 0, 0.5}, {r * 0.8, r * 0.5, 0.5}, any_colour());
  stands_at(at, r * 1.3, 2.3);
}

void Clutter::barrier(const Vec3& at) {
  const double yaw = chance_.uniform(-0.4, 0.4);
  const Frame f = Frame{}.turned(yaw);
  const Paint metal = plain({0.4, 0.41, 0.42}, 0.4);
  for (const double z : {0.2, 1.05}) put(make_box(at + Vec3{0, 0, z}, {1.2, 0.02, 0.025}, f), metal);
  for (double x = -1.2; x <= 1.2; x += 0.2)
    put(make_box(at + f.right * x + Vec3{0, 0, 0.6}, {0.012, 0.012, 0.45}, f), metal);
  for (const double x : {-0.8, 0.0, 0.8}) stands_at(at + f.right * x, 0.42, 1);
}

void Clutter::boxes(const Vec3& at) {
  for (int i = 0; i < 3; ++i) {
    const Vec3 half = {chance_.uniform(0.2, 0.5), chance_.uniform(0.2, 0.5), chance_.uniform(0.15, 0.6)};
    const Vec3 off = {chance_.uniform(-0.5, 0.5), chance_.uniform(-0.5, 0.5), half.z};
    const Paint paint = any_colour();
    box(at + off, half, paint, chance_.uniform(0, 1.5));
  }
  stands_at(at, 0.9, 0.8);
}

}  // namespace throng::synth
