#include "synth/figure.h"

#include "synth/head.h"

namespace throng::synth {

namespace {

constexpr double kSeatedDrop = 0.42;  ///< metres by which sitting lowers the trunk of a person of 1.75 m

/// Builds one body. Lengths are those of a person of 1.75 m: x to the right, y to the front, z up from the ground.
class Figure {
 public:
  Figure(Model& model, const Person& person, std::int32_t owner, double head_pixels)
      : model_(model),
        person_(person),
        owner_(owner),
        fine_(head_pixels > 7),
        scale_(person.height / 1.75),
        frame_(Frame{}.turned(person.heading)),
        drop_(person.legs == Person::Legs::seated ? kSeatedDrop : 0) {}

  void build(Part part) {
    add_head(model_, person_, owner_, trunk_point({0, 0.015, 1.62}), frame_, fine_);
    top_ = model_.add_paint(person_.top);
    sleeves_ = model_.add_paint(person_.sleeves);
    skin_ = model_.add_paint(person_.skin);
    bottom_ = model_.add_paint(person_.bottom);
    shoulders();
    arm(1);
    arm(-1);
    if (person_.arms == Person::Arms::placard) placard();
    if (part == Part::head_and_shoulders) return;
    trunk();
    legs();
    if (person_.backpack) bag();
  }

 private:
  Vec3 point(const Vec3& local) const { return person_.foot + frame_.place(local * scale_); }
  Vec3 trunk_point(const Vec3& local) const { return point({local.x * person_.build, local.y, local.z - drop_}); }

  void put(Solid solid, std::int32_t paint) {
    solid.owner = owner_;
    solid.paint = paint;
    model_.solids.push_back(solid);
  }
  void blob(const Vec3& at, const Vec3& radii, std::int32_t paint, double nod = 0) {
    const Vec3 wide = Vec3{radii.x * person_.build, radii.y * (0.5 + 0.5 * person_.build), radii.z} * scale_;
    put(make_ellipsoid(trunk_point(at), wide, frame_.turned(0, nod)), paint);
  }
  void limb(const Vec3& a, const Vec3& b, double radius, std::int32_t paint) {
    put(make_limb(a, b, radius * scale_), paint);
  }

  void shoulders() {
    limb(trunk_point({0, -0.01, 1.42}), trunk_point({0, 0.01, 1.56}), 0.056, skin_);
    blob({0, -0.01, 1.405}, {0.208, 0.1, 0.09}, top_);
    blob({0, -0.02, 1.45}, {0.115, 0.075, 0.075}, top_);
    blob({0, 0, 1.25}, {0.176, 0.118, 0.27}, top_);
  }

  void trunk() {
    if (!fine_) {
      blob({0, 0, 1.02}, {0.165, 0.12, 0.2}, top_);
      return;
    }
    blob({0, 0.006, 1.08}, {0.166, 0.12, 0.24}, top_);
    const bool long_top = person_.outfit != Person::Outfit::trousers;
    blob({0, -0.01, 0.95}, {0.168, 0.125, 0.13}, long_top ? bottom_ : top_);
  }

  void arm(double side) {
    const Vec3 shoulder = trunk_point({0.195 * side, -0.01, 1.41});
    Vec3 elbow{0.25 * side, -0.03, 1.13};
    Vec3 wrist{0.25 * side, 0.07, 0.89};
    const bool up = person_.arms == Person::Arms::raised || person_.arms == Person::Arms::placard ||
                    (person_.arms == Person::Arms::one_raised && side > 0);
    if (up) {
      elbow = {0.29 * side, 0.1, 1.6};
      wrist = {(person_.arms == Person::Arms::placard ? 0.14 : 0.27) * side, 0.16, 1.86};
    } else if (person_.arms == Person::Arms::crossed) {
      elbow = {0.25 * side, 0.04, 1.13};
      wrist = {-0.07 * side, 0.2, 1.16 + 0.03 * side};
    } else if (person_.arms == Person::Arms::holding) {
      elbow = {0.25 * side, 0.0, 1.12};
      wrist = {0.08 * side, 0.27, 1.2};
    } else if (person_.arms == Person::Arms::phone_up) {
      elbow = {0.22 * side, 0.2, 1.25};
      wrist = {0.05 * side, 0.33, 1.56};
    }
    if (person_.legs == Person::Legs::seated && person_.arms == Person::Arms::hanging) {
      elbow = {0.24 * side, 0.06, 1.13};
      wrist = {0.12 * side, 0.3, 1.05};
    }
    const Vec3 at_elbow = trunk_point(elbow);
    const Vec3 at_wrist = trunk_point(wrist);
    limb(shoulder, at_elbow, 0.054, sleeves_);
    limb(at_elbow, at_wrist, 0.042, person_.short_sleeves ? skin_ : sleeves_);
    if (fine_) limb(at_wrist, at_wrist + (at_wrist - at_elbow) * 0.25, 0.04, skin_);
    if (person_.arms == Person::Arms::phone_up && side > 0) phone(at_wrist);
  }

  void phone(const Vec3& at) {
    Paint paint;
    paint.colour = {0.02, 0.02, 0.025};
    paint.gloss = 0.5;
    const Vec3 half = {0.038, 0.006, 0.075};
    put(make_box(at + Vec3{0, 0, 0.09}, half, frame_), model_.add_paint(paint));
  }

  void legs() {
    if (person_.outfit == Person::Outfit::skirt || person_.outfit == Person::Outfit::robe ||
        person_.outfit == Person::Outfit::coat) {
      const double hem = person_.outfit == Person::Outfit::robe ? 0.1 : 0.5;
      const double half = (1.1 - hem) * 0.5;
      if (drop_ == 0) blob({0, 0, hem + half}, {0.2, 0.165, half * 1.15}, bottom_);
    }
    leg(1);
    leg(-1);
  }

  void leg(double side) {
    const Vec3 hip = trunk_point({0.09 * side, 0, 0.93});
    const double swing = person_.legs == Person::Legs::walking ? person_.stride * side : 0;
    Vec3 knee = point({0.1 * side, 0.03 + 0.6 * swing, 0.5});
    Vec3 ankle = point({0.1 * side, swing, 0.09});
    if (person_.legs == Person::Legs::seated) {
      knee = point({0.12 * side, 0.42, 0.53});
      ankle = point({0.12 * side, 0.46, 0.1});
    }
    limb(hip, knee, 0.083, bottom_);
    limb(knee, ankle, 0.058, person_.outfit == Person::Outfit::skirt ? skin_ : bottom_);
    if (!fine_) return;
    const Vec3 toes = ankle + frame_.place(Vec3{0.01 * side, 0.05, -0.05} * scale_);
    put(make_ellipsoid(toes, Vec3{0.045, 0.125, 0.042} * scale_, frame_), model_.add_paint(person_.shoes));
  }

  void bag() {
    const std::int32_t paint = model_.add_paint(person_.bag);
    blob({0, -0.17, 1.36}, {0.12, 0.08, 0.09}, paint);
    put(make_box(trunk_point({0, -0.17, 1.2}), Vec3{0.125, 0.07, 0.17} * scale_, frame_), paint);
    blob({0, -0.24, 1.13}, {0.1, 0.05, 0.1}, paint);
  }

  void placard() {
    Paint paint = person_.cover_paint;
    paint.kind = Paint::Kind::lettering;
    paint.colour = from_display(0.92, 0.91, 0.88);
    paint.second = person_.bag.colour;
    paint.scale = 2;
    put(make_box(trunk_point({0, 0.2, 2.12}), Vec3{0.34, 0.012, 0.23} * scale_, frame_), model_.add_paint(paint));
  }

  Model& model_;
  const Person& person_;
  std::int32_t owner_;
  bool fine_;
  double scale_;
  Frame frame_;
  double drop_;
  std::int32_t top_ = 0;
  std::int32_t sleeves_ = 0;
  std::int32_t skin_ = 0;
  std::int32_t bottom_ = 0;
};

}  // namespace

Vec3 head_centre(const Person& person) {
  const double drop = person.legs == Person::Legs::seated ? kSeatedDrop : 0;
  return person.foot + Vec3{0, 0, (1.62 - drop) * person.height / 1.75};
}

void add_figure(Model& model, const Person& person, std::int32_t owner, double head_pixels, Part part) {
  Figure(model, person, owner, head_pixels).build(part);
}

}  // namespace throng::synth
