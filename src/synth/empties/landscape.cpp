#include "synth/empties/canvas.h"
#include "synth/noise.h"

namespace throng::synth {

namespace {

/// What an open-air picture without people is put together of, from the sky down.
class Landscape {
 public:
  Landscape(int width, int height, std::uint64_t seed)
      : width_(width),
        height_(height),
        chance_(seed, "synth landscape"),
        horizon_(height * chance_.uniform(0.25, 0.65)) {}

  Image draw() {
    draw_sky();
    haze_ = mix_of(sky_low_, Vec3{0.7, 0.72, 0.75}, 0.4);
    const std::int64_t ridges = chance_.pick(4);
    for (std::int64_t i = ridges; i >= 1; --i) draw_ridge(static_cast<double>(i) / static_cast<double>(ridges + 1));
    if (chance_.happens(0.25)) draw_skyline();
    draw_ground();
    if (!water_ && chance_.happens(0.6)) draw_trees();
    if (!water_ && chance_.happens(0.35)) draw_flowers();
    add_camera_loss(image_, chance_, 0.8);
    return std::move(image_);
  }

 private:
  void draw_sky() {
    const bool evening = chance_.happens(0.25);
    const double light = chance_.uniform(0.6, 1);
    const Vec3 top = (evening ? Vec3{0.25, 0.28, 0.5} : Vec3{0.35, 0.55, 0.85}) * light;
    sky_low_ = (evening ? Vec3{0.95, 0.6, 0.35} : Vec3{0.8, 0.87, 0.93}) * light;
    const double cover = chance_.uniform(0.3, 0.8);
    const double unit = height_ * chance_.uniform(0.1, 0.4);
    const std::uint32_t seed = chance_.bits();
    image_ = painted(width_, height_, 1, [&](double x, double y) {
      const Vec3 clear = mix_of(top, sky_low_, clamp01(y / horizon_));
      const double cloud = fractal_noise({x / unit, y * 2.2 / unit, 0}, seed, 5);
      return mix_of(clear, Vec3{0.95, 0.95, 0.96} * light, 0.9 * smooth_step(cover, cover + 0.25, cloud));
    });
  }

  /// Mountains, hills: `distance` 1 is far and hazy.
  void draw_ridge(double distance) {
    const Vec3 colour = mix_of(any_display_colour(chance_, 0.5, 0.15, 0.45), haze_, 0.8 * distance);
    const double rise = height_ * chance_.uniform(0.05, 0.3);
    const double unit = width_ * chance_.uniform(0.1, 0.5);
    const std::uint32_t seed = chance_.bits();
    for (int x = 0; x < width_; ++x) {
      const double crest = horizon_ + 2 - rise * fractal_noise({x / unit, 0.5, 0}, seed, 6);
      for (int y = std::max(0, static_cast<int>(crest)); y < height_; ++y) {
        const double rough = 0.85 + 0.3 * fractal_noise({x / 14.0, y / 9.0, 1}, seed, 3);
        put(x, y, colour * rough);
      }
    }
  }

  void draw_skyline() {
    const double unit = std::max(6.0, width_ * chance_.uniform(0.02, 0.08));
    for (double x = -unit; x < width_;) {
      const double wide = unit * chance_.uniform(0.7, 2);
      const double tall = height_ * chance_.uniform(0.03, 0.25);
      draw_house(x, wide, tall);
      x += wide * chance_.uniform(0.8, 1.4);
    }
  }

  void draw_house(double x, double wide, double tall) {
    const Vec3 wall = any_display_colour(chance_, 0.4, 0.25, 0.8);
    const Vec3 glass = any_display_colour(chance_, 0.4, 0.05, 0.9);
    const int pane = 2 + static_cast<int>(chance_.pick(4));
    const auto left = static_cast<int>(std::floor(x));
    const auto top = static_cast<int>(horizon_ - tall);
    const auto right = static_cast<int>(std::floor(x + wide));
    const int bottom = static_cast<int>(horizon_) + 2;
    fill_rectangle(image_, left, top, right - left, bottom - top, to_colour(wall));
    for (int py = top + pane; py + pane < bottom; py += 2 * pane) {
      for (int px = left + pane; px + pane <= right; px += 2 * pane) {
        fill_rectangle(image_, px, py, pane, pane, to_colour(glass));
      }
    }
  }

  /// Meadow, sand, snow or water, finer towards the horizon.
  void draw_ground() {
    static constexpr Vec3 kGrounds[] = {{0.3, 0.45, 0.18},  {0.75, 0.68, 0.5},  {0.88, 0.9, 0.93},
                                        {0.22, 0.38, 0.48}, {0.45, 0.36, 0.27}, {0.42, 0.42, 0.42}};
    constexpr std::size_t kWater = 3;
    const std::size_t which = chance_.weighted({4, 2, 1, 3, 1.5, 1});
    const Vec3 ground = kGrounds[which] * chance_.uniform(0.7, 1.1);
    water_ = which == kWater;
    const double flat = water_ ? 5 : chance_.uniform(1, 3);  // waves are wide
    const double rough = chance_.uniform(0.2, 0.9);
    const double unit = height_ * chance_.log_uniform(0.01, 0.08);
    const std::uint32_t seed = chance_.bits();
    for (int y = std::max(0, static_cast<int>(horizon_)); y < height_; ++y) {
      const double near = (y + 1 - horizon_) / (height_ - horizon_);
      const double scale = unit * (0.05 + near);
      for (int x = 0; x < width_; ++x) {
        const Vec3 place{(x - width_ * 0.5) / (scale * flat), 4 * logarithm(near + 0.02) * height_ / (unit * 40), 0};
        const double value = 1 + rough * (fractal_noise(place, seed, 4) - 0.5);
        put(x, y, mix_of(haze_, ground, smooth_step(-0.1, 0.3, near)) * value);
      }
    }
  }

  void draw_trees() {
    const Vec3 autumn = any_display_colour(chance_);
    const Vec3 leaf = mix_of(Vec3{0.15, 0.3, 0.1}, autumn, chance_.uniform(0, 0.4));
    const std::int64_t count = 1 + chance_.pick(30);
    const double depth = chance_.uniform(0.05, 0.9);
    for (std::int64_t i = 0; i < count; ++i) {
      const double near = depth * static_cast<double>(i + 1) / static_cast<double>(count);
      const double foot = horizon_ + near * (height_ - horizon_);
      const double tall = height_ * (0.03 + 0.4 * near) * chance_.uniform(0.6, 1.3);
      const double x = chance_.uniform(0, width_);
      draw_tree(x, foot, tall, leaf * chance_.uniform(0.7, 1.2));
    }
  }

  void draw_tree(double x, double foot, double tall, const Vec3& leaf) {
    const int thick = std::max(1, static_cast<int>(tall / 16));
    fill_rectangle(image_, static_cast<int>(x) - thick / 2, static_cast<int>(foot - tall * 0.5), thick,
                   static_cast<int>(tall * 0.5), to_colour({0.25, 0.18, 0.12}));
    const bool pointed = chance_.happens(0.4);
    const int clumps = 60;
    for (int i = 0; i < clumps; ++i) {
      const double up = chance_.uniform(0.25, 1);
      const double round = std::sqrt(clamp01(1 - (2 * up - 1.2) * (2 * up - 1.2)));
      const double half = tall * (pointed ? 0.28 * (1.1 - up) : 0.3 * round);
      const double side = chance_.uniform(-1, 1) * half;
      const double size = std::max(0.8, tall * chance_.uniform(0.02, 0.07));
      const Vec3 colour = leaf * (0.55 + 0.6 * up) * chance_.uniform(0.7, 1.2);
      fill_ellipse(image_, x + side, foot - tall * up, size * 1.3, size, {}, colour, 0.3);
    }
  }

  /// Flowers or stones in the meadow: many small round things, as heads are.
  void draw_flowers() {
    const Vec3 colour = any_display_colour(chance_, 1, 0.4, 1);
    const auto count = static_cast<std::int64_t>(chance_.log_uniform(20, 1500));
    const double size = height_ * chance_.uniform(0.004, 0.015);
    for (std::int64_t i = 0; i < count; ++i) {
      const double near = chance_.uniform();
      const double y = horizon_ + (0.03 + 0.97 * near * near) * (height_ - horizon_);
      const double radius = std::max(0.7, size * (0.2 + near));
      const double x = chance_.uniform(0, width_);
      const double flat = radius * chance_.uniform(0.6, 1);
      fill_ellipse(image_, x, y, radius, flat, {}, colour * chance_.uniform(0.6, 1.1), 0.4);
    }
  }

  void put(int x, int y, const Vec3& display) {
    const Colour colour = to_colour(display);
    std::uint8_t* pixel = image_.pixel(x, y);
    for (std::size_t c = 0; c < 3; ++c) pixel[c] = colour[c];
  }

  int width_;
  int height_;
  Chance chance_;
  double horizon_;
  Vec3 sky_low_;
  Vec3 haze_;
  bool water_ = false;
  Image image_;
};

}  // namespace

Image draw_landscape(int width, int height, std::uint64_t seed) { return Landscape(width, height, seed).draw(); }

}  // namespace throng::synth
