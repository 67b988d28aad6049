#include "synth/person.h"

#include "synth/chance.h"

namespace throng::synth {

namespace {

Vec3 skin_tone(double darkness, double redness) {
  static const Vec3 tones[] = {from_display(0.82, 0.63, 0.53), from_display(0.74, 0.54, 0.42),
                               from_display(0.62, 0.42, 0.3), from_display(0.44, 0.28, 0.2),
                               from_display(0.28, 0.18, 0.14)};
  const double at = clamp01(darkness) * 3.999;
  const auto below = static_cast<std::size_t>(at);
  const Vec3 tone = mix_of(tones[below], tones[below + 1], at - static_cast<double>(below));
  return tone * Vec3{1 + 0.12 * redness, 1, 1 - 0.08 * redness};
}

Vec3 hair_tone(const Setting& setting, double darkness, Chance& chance) {
  if (chance.happens(setting.grey_hair)) {
    const double v = chance.uniform(0.35, 0.75);
    return from_display(v, v * 0.98, v * 0.95);
  }
  const double fair = (1 - smooth_step(0.15, 0.45, darkness)) * chance.uniform();
  if (fair > 0.86) return from_display(0.68, 0.53, 0.33) * chance.uniform(0.6, 1.1);
  if (fair > 0.5) return from_display(0.36, 0.25, 0.16) * chance.uniform(0.6, 1.2);
  if (fair > 0.48) return from_display(0.45, 0.22, 0.12);
  const double v = chance.uniform(0.06, 0.2);
  return from_display(v * 1.12, v, v * 0.92);
}

/// Clothes come in few hues: red, blue, yellow to orange, green, pink to purple.
double cloth_hue(Chance& chance) {
  switch (chance.weighted({0.36, 0.34, 0.13, 0.08, 0.09})) {
    case 0:
      return chance.uniform(0.95, 1.03);
    case 1:
      return chance.uniform(0.54, 0.67);
    case 2:
      return chance.uniform(0.05, 0.15);
    case 3:
      return chance.uniform(0.25, 0.48);
    default:
      return chance.uniform(0.76, 0.94);
  }
}

Vec3 dark_cloth(Chance& chance) {
  return from_hsv({cloth_hue(chance), chance.uniform(0, 0.5), chance.uniform(0.08, 0.3)});
}
Vec3 light_cloth(Chance& chance) {
  return from_hsv({chance.uniform(), chance.uniform(0, 0.1), chance.uniform(0.6, 0.88)});
}
Vec3 bright_cloth(Chance& chance) {
  const double hue = cloth_hue(chance);
  const double dulled = hue > 0.2 && hue < 0.5 ? 0.65 : 1;  // bright green is rare
  return from_hsv({hue, dulled * chance.uniform(0.45, 0.85), dulled * chance.uniform(0.4, 0.78)});
}
Vec3 muted_cloth(Chance& chance) {
  return from_hsv({cloth_hue(chance), chance.uniform(0.06, 0.4), chance.uniform(0.25, 0.6)});
}
Vec3 denim(Chance& chance) {
  return from_hsv({chance.uniform(0.58, 0.65), chance.uniform(0.3, 0.65), chance.uniform(0.2, 0.55)});
}

Vec3 any_cloth(Chance& chance, double dark, double light, double bright, double muted) {
  switch (chance.weighted({dark, light, bright, muted})) {
    case 0:
      return dark_cloth(chance);
    case 1:
      return light_cloth(chance);
    case 2:
      return bright_cloth(chance);
    default:
      return muted_cloth(chance);
  }
}

Vec3 top_colour(const Setting& setting, Chance& chance) {
  switch (setting.clothes) {
    case Setting::Clothes::winter:
      return any_cloth(chance, 0.66, 0.06, 0.14, 0.14);
    case Setting::Clothes::team:
      return chance.happens(setting.in_team_colour) ? setting.team_colour * chance.uniform(0.75, 1.15)
                                                    : any_cloth(chance, 0.35, 0.3, 0.15, 0.2);
    case Setting::Clothes::robes:
      return chance.happens(0.75) ? light_cloth(chance) : any_cloth(chance, 0.6, 0, 0.15, 0.25);
    case Setting::Clothes::formal:
      return chance.happens(0.75) ? dark_cloth(chance) * 0.7 : light_cloth(chance);
    case Setting::Clothes::summer:
      return any_cloth(chance, 0.2, 0.34, 0.28, 0.18);
    case Setting::Clothes::casual:
      break;
  }
  return any_cloth(chance, 0.42, 0.18, 0.2, 0.2);
}

Paint cloth(const Vec3& colour, Chance& chance) {
  Paint paint;
  paint.kind = Paint::Kind::cloth;
  paint.colour = colour;
  paint.seed = chance.bits();
  return paint;
}

void choose_pattern(Paint& paint, const Setting& setting, Chance& chance) {
  static constexpr Paint::Pattern kPatterns[] = {Paint::Pattern::none,  Paint::Pattern::stripes,
                                                 Paint::Pattern::hoops, Paint::Pattern::checks,
                                                 Paint::Pattern::front, Paint::Pattern::print};
  const bool open = setting.clothes == Setting::Clothes::formal || setting.clothes == Setting::Clothes::winter;
  paint.pattern = kPatterns[chance.weighted({0.62, 0.02, 0.05, 0.05, open ? 0.4 : 0.1, 0.14})];
  paint.scale = chance.uniform(1.5, 5);
  paint.second = chance.happens(0.5) ? light_cloth(chance) : any_cloth(chance, 0.4, 0.2, 0.3, 0.1);
  if (paint.pattern == Paint::Pattern::checks || paint.pattern == Paint::Pattern::stripes) {
    paint.second = mix_of(paint.second, paint.colour, chance.uniform(0.2, 0.7));  // rarely in full contrast
  }
}

void dress(Person& person, const Setting& setting, Chance& chance) {
  person.top = cloth(top_colour(setting, chance), chance);
  choose_pattern(person.top, setting, chance);
  person.sleeves = person.top;
  if (person.top.pattern == Paint::Pattern::front || person.top.pattern == Paint::Pattern::print) {
    person.sleeves.pattern = Paint::Pattern::none;
  }
  const bool warm = setting.clothes == Setting::Clothes::summer || setting.place == Setting::Place::beach;
  const bool cold = setting.clothes == Setting::Clothes::winter || setting.clothes == Setting::Clothes::formal;
  person.short_sleeves = chance.happens(warm ? 0.8 : cold ? 0.0 : 0.35);
  person.bottom = cloth(chance.happens(0.4) ? denim(chance) : any_cloth(chance, 0.65, 0.08, 0.07, 0.2), chance);
  person.shoes.colour = chance.happens(0.7) ? dark_cloth(chance) : light_cloth(chance);
  const bool robes = setting.clothes == Setting::Clothes::robes;
  static constexpr Person::Outfit kOutfits[] = {Person::Outfit::trousers, Person::Outfit::skirt, Person::Outfit::robe,
                                                Person::Outfit::coat};
  person.outfit = kOutfits[chance.weighted({0.8, warm ? 0.18 : 0.08, robes ? 3.0 : 0.01, cold ? 0.4 : 0.03})];
  if (person.outfit == Person::Outfit::robe || person.outfit == Person::Outfit::coat) {
    person.bottom = person.top;
    person.bottom.pattern = Paint::Pattern::none;
    person.short_sleeves = false;
  }
  person.backpack = chance.happens(robes ? 0.02 : 0.12);
  person.bag = cloth(any_cloth(chance, 0.65, 0.03, 0.2, 0.12), chance);
}

void cover_head(Person& person, const Setting& setting, bool woman, Chance& chance) {
  person.cover_paint = cloth(any_cloth(chance, 0.4, 0.22, 0.23, 0.15), chance);
  if (setting.clothes == Setting::Clothes::team && chance.happens(0.5)) person.cover_paint.colour = setting.team_colour;
  if (!chance.happens(setting.covered)) return;
  static constexpr Person::Cover kCovers[] = {
      Person::Cover::cap,  Person::Cover::cap_backwards, Person::Cover::beanie,      Person::Cover::sun_hat,
      Person::Cover::hood, Person::Cover::headscarf,     Person::Cover::scarf_cloth, Person::Cover::helmet};
  switch (setting.clothes) {
    case Setting::Clothes::winter:
      person.cover = kCovers[chance.weighted({0.14, 0.01, 0.5, 0.02, 0.25, 0.05, 0.02, 0.01})];
      break;
    case Setting::Clothes::robes:
      person.cover = kCovers[chance.weighted({0.04, 0, 0.12, 0.02, 0.05, woman ? 2.0 : 0.05, woman ? 0.1 : 0.6, 0})];
      break;
    default:
      person.cover = kCovers[chance.weighted({0.46, 0.08, 0.1, 0.18, 0.06, 0.06, 0.03, 0.03})];
      break;
  }
  if (person.cover == Person::Cover::hood) person.cover_paint = person.sleeves;
  if (person.cover == Person::Cover::sun_hat && chance.happens(0.6)) {
    person.cover_paint.colour = from_display(0.86, 0.78, 0.6) * chance.uniform(0.7, 1.1);
  }
  if (person.cover == Person::Cover::helmet) person.cover_paint.gloss = 0.6;
}

void choose_hair(Person& person, bool woman, Chance& chance) {
  static constexpr Person::Hair kStyles[] = {Person::Hair::cropped, Person::Hair::full,   Person::Hair::bob,
                                             Person::Hair::loose,   Person::Hair::bun,    Person::Hair::ponytail,
                                             Person::Hair::afro,    Person::Hair::fringe, Person::Hair::bald};
  person.hair = woman ? kStyles[chance.weighted({0.05, 0.1, 0.22, 0.38, 0.09, 0.14, 0.02, 0, 0})]
                      : kStyles[chance.weighted({0.42, 0.36, 0.04, 0.02, 0, 0.01, 0.03, 0.06, 0.06})];
}

void choose_pose(Person& person, const Setting& setting, Chance& chance) {
  static constexpr Person::Arms kArms[] = {Person::Arms::hanging, Person::Arms::crossed, Person::Arms::holding};
  static constexpr Person::Arms kRaised[] = {Person::Arms::raised, Person::Arms::one_raised, Person::Arms::phone_up,
                                             Person::Arms::placard};
  person.arms = chance.happens(setting.raised_arms) ? kRaised[chance.weighted({0.35, 0.3, 0.3, 0.05})]
                                                    : kArms[chance.weighted({0.6, 0.15, 0.25})];
  person.legs = setting.seated                                                    ? Person::Legs::seated
                : setting.facing == Setting::Facing::mixed && chance.happens(0.7) ? Person::Legs::walking
                                                                                  : Person::Legs::standing;
  if (setting.seated && chance.happens(0.08)) person.legs = Person::Legs::standing;
  person.stride = chance.uniform(-0.28, 0.28);
  person.heading = setting.facing == Setting::Facing::mixed ? chance.uniform(-3.1416, 3.1416)
                                                            : setting.heading + setting.heading_spread * chance.bell();
  person.head_turn = 0.4 * chance.bell();
  person.head_nod = 0.06 + 0.16 * chance.bell();
  person.head_lean = 0.07 * chance.bell();
}

}  // namespace

Person make_person(const Setting& setting, std::uint64_t seed, std::uint64_t id) {
  Chance chance(seed, "synth person", id);
  Person person;
  const bool woman = chance.happens(0.45);
  const bool child = chance.happens(0.04);
  person.height = child ? chance.uniform(1.1, 1.45) : (woman ? 1.64 : 1.75) + 0.07 * chance.bell();
  person.build = (woman ? 0.92 : 1.04) + 0.09 * chance.bell();
  person.head_size = 1 + 0.04 * chance.bell();
  const double darkness = chance.uniform(setting.skin_low, setting.skin_high);
  person.skin.colour = skin_tone(darkness, chance.bell());
  person.skin.soft = 0.25;
  person.skin.gloss = 0.06;
  person.face = person.skin;
  person.face.kind = Paint::Kind::face;
  person.face.beard = !woman && !child && chance.happens(0.25);
  person.face.glasses = chance.happens(0.12);
  person.hair_paint.kind = Paint::Kind::hair;
  person.hair_paint.colour = hair_tone(setting, darkness, chance);
  person.hair_paint.gloss = chance.uniform(0.01, 0.07);
  person.hair_paint.seed = chance.bits();
  person.face.second = person.hair_paint.colour;
  choose_hair(person, woman, chance);
  dress(person, setting, chance);
  cover_head(person, setting, woman, chance);
  choose_pose(person, setting, chance);
  return person;
}

}  // namespace throng::synth
