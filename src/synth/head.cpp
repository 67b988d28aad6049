#include "synth/head.h"

namespace throng::synth {

namespace {

/// Lengths in metres about the head's middle: x right, y to the face, z up.
class Head {
 public:
  Head(Model& model, const Person& person, std::int32_t owner, const Vec3& centre, const Frame& body, bool fine)
      : model_(model),
        person_(person),
        owner_(owner),
        centre_(centre),
        frame_(body.turned(person.head_turn, person.head_nod, person.head_lean)),
        fine_(fine),
        // Children's heads are large for their bodies.
        scale_(person.head_size * (0.55 + 0.45 * person.height / 1.75)) {}

  void build() {
    const std::int32_t face = model_.add_paint(person_.face);
    blob({0, 0, 0.005}, {0.076, 0.095, 0.115}, face);
    if (fine_) {
      blob({0, 0.03, -0.05}, {0.058, 0.064, 0.07}, model_.add_paint(person_.skin));
      blob({0, 0.096, -0.012}, {0.012, 0.02, 0.026}, model_.add_paint(person_.skin));
      if (person_.cover == Person::Cover::none && person_.hair != Person::Hair::loose &&
          person_.hair != Person::Hair::bob) {
        for (const double side : {-1.0, 1.0}) blob({0.076 * side, -0.005, -0.01}, {0.012, 0.024, 0.034}, face);
      }
    }
    hair();
    cover();
  }

 private:
  void put(const Vec3& at, const Vec3& radii, std::int32_t paint, bool head, double nod = 0) {
    Solid solid = make_ellipsoid(centre_ + frame_.place(at * scale_), radii * scale_, frame_.turned(0, nod));
    solid.owner = owner_;
    solid.paint = paint;
    solid.head = head;
    model_.solids.push_back(solid);
  }
  void blob(const Vec3& at, const Vec3& radii, std::int32_t paint, double nod = 0) { put(at, radii, paint, true, nod); }
  void drape(const Vec3& at, const Vec3& radii, std::int32_t paint) { put(at, radii, paint, false); }

  /// The shell of hair lies a little behind and above the skull, so that the face looks out of it.
  void hair() {
    const bool wrapped = person_.cover == Person::Cover::hood || person_.cover == Person::Cover::headscarf ||
                         person_.cover == Person::Cover::scarf_cloth || person_.cover == Person::Cover::helmet;
    if (wrapped || person_.hair == Person::Hair::bald) return;
    const std::int32_t paint = model_.add_paint(person_.hair_paint);
    const bool flat = person_.cover != Person::Cover::none;  // a hat presses it down
    switch (person_.hair) {
      case Person::Hair::cropped:
        blob({0, -0.01, 0.028}, {0.08, 0.096, 0.102}, paint, -0.18);
        break;
      case Person::Hair::fringe:
        blob({0, -0.03, -0.005}, {0.083, 0.078, 0.06}, paint);
        break;
      case Person::Hair::afro:
        blob({0, -0.022, 0.045}, flat ? Vec3{0.09, 0.1, 0.09} : Vec3{0.125, 0.125, 0.12}, paint);
        break;
      case Person::Hair::bob:
        blob({0, -0.014, 0.026}, {0.09, 0.102, 0.112}, paint, -0.15);
        blob({0, -0.045, -0.06}, {0.093, 0.07, 0.09}, paint);
        break;
      case Person::Hair::loose:
        blob({0, -0.014, 0.028}, {0.088, 0.102, 0.108}, paint, -0.15);
        blob({0, -0.05, -0.055}, {0.09, 0.062, 0.1}, paint);
        drape({0, -0.085, -0.19}, {0.1, 0.05, 0.14}, paint);
        break;
      case Person::Hair::bun:
        blob({0, -0.012, 0.027}, {0.083, 0.099, 0.105}, paint, -0.18);
        blob({0, -0.1, 0.07}, {0.045, 0.045, 0.042}, paint);
        break;
      case Person::Hair::ponytail:
        blob({0, -0.012, 0.027}, {0.083, 0.099, 0.105}, paint, -0.18);
        drape({0, -0.12, -0.06}, {0.035, 0.04, 0.12}, paint);
        break;
      default:
        blob({0, -0.012, 0.031}, {0.086, 0.102, 0.108}, paint, -0.15);
        if (fine_) blob({0.02, 0.035, 0.082}, {0.062, 0.062, 0.042}, paint);
        break;
    }
  }

  void cover() {
    if (person_.cover == Person::Cover::none) return;
    const std::int32_t paint = model_.add_paint(person_.cover_paint);
    switch (person_.cover) {
      case Person::Cover::cap:
      case Person::Cover::cap_backwards: {
        const double way = person_.cover == Person::Cover::cap ? 1 : -1;
        blob({0, -0.006, 0.062}, {0.089, 0.106, 0.082}, paint);
        blob({0, 0.115 * way, 0.05}, {0.07, 0.07, 0.012}, paint, 0.15 * way);
        break;
      }
      case Person::Cover::beanie:
        blob({0, -0.014, 0.05}, {0.093, 0.108, 0.108}, paint, -0.25);
        break;
      case Person::Cover::sun_hat:
        blob({0, -0.005, 0.075}, {0.09, 0.105, 0.085}, paint);
        blob({0, 0, 0.05}, {0.165, 0.18, 0.018}, paint);
        break;
      case Person::Cover::helmet:
        blob({0, -0.01, 0.04}, {0.115, 0.135, 0.12}, paint, -0.2);
        break;
      case Person::Cover::hood:
      case Person::Cover::headscarf:
        blob({0, -0.026, 0.014}, {0.097, 0.108, 0.13}, paint, -0.12);
        blob({0, -0.01, -0.085}, {0.092, 0.088, 0.07}, paint);
        drape({0, -0.02, -0.17}, {0.13, 0.1, 0.09}, paint);
        break;
      case Person::Cover::scarf_cloth:
        blob({0, -0.022, 0.03}, {0.096, 0.108, 0.115}, paint, -0.15);
        drape({0, -0.075, -0.13}, {0.125, 0.07, 0.16}, paint);
        break;
      default:
        break;
    }
  }

  Model& model_;
  const Person& person_;
  std::int32_t owner_;
  Vec3 centre_;
  Frame frame_;
  bool fine_;
  double scale_;
};

}  // namespace

void add_head(Model& model, const Person& person, std::int32_t owner, const Vec3& centre, const Frame& body,
              bool fine) {
  Head(model, person, owner, centre, body, fine).build();
}

}  // namespace throng::synth
