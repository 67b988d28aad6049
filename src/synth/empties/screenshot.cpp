#include "synth/empties/canvas.h"
#include "synth/empties/words.h"

namespace throng::synth {

namespace {

struct Box {
  int x;
  int y;
  int width;
  int height;
};

/// What a screen shows: a background with icons, and windows on it.
class Screen {
 public:
  Screen(int width, int height, std::uint64_t seed)
      : chance_(seed, "synth screenshot"),
        dark_(chance_.happens(0.4)),
        paper_(dark_ ? Vec3{0.12, 0.12, 0.14} : Vec3{0.98, 0.98, 0.98}),
        ink_(dark_ ? Vec3{0.85, 0.85, 0.85} : Vec3{0.12, 0.12, 0.13}),
        accent_(any_display_colour(chance_, 1, 0.4, 0.9)),
        scale_(chance_.happens(0.25) ? 2 : 1),
        line_((10 + static_cast<int>(chance_.pick(5))) * scale_),
        image_(filled_image(width, height, to_colour(any_display_colour(chance_)))) {}

  Image draw() {
    const Box all{0, 0, image_.width, image_.height};
    if (chance_.happens(0.5)) {
      window(all);  // maximised
    } else {
      background();
      const std::int64_t windows = 1 + chance_.pick(3);
      for (std::int64_t i = 0; i < windows; ++i) window(somewhere());
      task_bar();
    }
    add_camera_loss(image_, chance_, 0.1);
    return std::move(image_);
  }

 private:
  void fill(const Box& box, const Vec3& colour) {
    fill_rectangle(image_, box.x, box.y, box.width, box.height, to_colour(colour));
  }
  void words(int x, int y, const std::string& line, const Vec3& colour) {
    draw_text(image_, x, y, line, to_colour(colour), scale_);
  }
  /// Text that ends where the box does.
  void line_in(const Box& box, int y, double share, const Vec3& colour) {
    const int letters = static_cast<int>(box.width * share) / text_width("m", scale_);
    if (letters > 0) words(box.x, y, any_line(chance_, static_cast<std::size_t>(letters)), colour);
  }

  Box somewhere() {
    const int width = static_cast<int>(image_.width * chance_.uniform(0.3, 0.8));
    const int height = static_cast<int>(image_.height * chance_.uniform(0.3, 0.8));
    return {static_cast<int>(chance_.uniform(0, image_.width - width)),
            static_cast<int>(chance_.uniform(0, image_.height - height)), width, height};
  }

  void background() {
    const Vec3 low = any_display_colour(chance_);
    const Vec3 high = any_display_colour(chance_);
    for (int y = 0; y < image_.height; ++y) {
      fill({0, y, image_.width, 1}, mix_of(low, high, static_cast<double>(y) / image_.height));
    }
    const int pitch = 44 * scale_;
    const std::int64_t icons = chance_.pick(20);
    for (std::int64_t i = 0; i < icons; ++i) {
      const int rows = std::max(1, image_.height / pitch);
      icon(8 + static_cast<int>(i) / rows * pitch, 8 + static_cast<int>(i) % rows * pitch, 24 * scale_);
    }
  }

  void icon(int x, int y, int side) {
    const Vec3 colour = any_display_colour(chance_, 1, 0.3, 1);
    if (chance_.happens(0.4)) {
      fill_ellipse(image_, x + side * 0.5, y + side * 0.5, side * 0.5, side * 0.5, {}, colour);
    } else {
      fill({x, y, side, side}, colour);
    }
    words(x + side / 3, y + side / 3, any_word(chance_).substr(0, 1), paper_);
  }

  void task_bar() {
    const int tall = 26 * scale_;
    fill({0, image_.height - tall, image_.width, tall}, paper_ * 0.9);
    for (int x = 4; x + tall < image_.width * 2 / 3; x += tall + 4) icon(x, image_.height - tall + 3, tall - 6);
  }

  void window(Box box) {
    fill({box.x + 4, box.y + 4, box.width, box.height}, {0.05, 0.05, 0.05});
    fill(box, paper_);
    const int bar = 16 * scale_;
    fill({box.x, box.y, box.width, bar}, chance_.happens(0.5) ? accent_ : mix_of(paper_, ink_, 0.15));
    words(box.x + 6, box.y + bar / 4, any_line(chance_, 12), ink_);
    for (int i = 1; i <= 3; ++i) {
      fill_ellipse(image_, box.x + box.width - 12.0 * i * scale_, box.y + bar * 0.5, 4.0 * scale_, 4.0 * scale_, {},
                   i == 1 ? Vec3{0.9, 0.3, 0.3} : Vec3{0.7, 0.7, 0.7});
    }
    Box inside{box.x + 6, box.y + bar + 6, box.width - 12, box.height - bar - 12};
    if (inside.width < 60 || inside.height < 40) return;
    if (chance_.happens(0.4)) inside = side_bar(inside);
    switch (chance_.pick(6)) {
      case 0:
        code(inside);
        break;
      case 1:
        sheet(inside);
        break;
      case 2:
        list(inside);
        break;
      case 3:
        tiles(inside);
        break;
      case 4:
        chart(inside);
        break;
      default:
        article(inside);
        break;
    }
  }

  Box side_bar(const Box& box) {
    const int width = box.width / 4;
    fill({box.x, box.y, width, box.height}, mix_of(paper_, ink_, 0.08));
    const Box column{box.x + 4, box.y, width - 8, box.height};
    for (int y = box.y + 4; y + line_ < box.y + box.height; y += line_ + 4) {
      line_in(column, y, chance_.uniform(0.4, 0.9), ink_);
    }
    return {box.x + width + 6, box.y, box.width - width - 6, box.height};
  }

  void code(const Box& box) {
    int indent = 0;
    for (int y = box.y; y + line_ < box.y + box.height; y += line_) {
      int x = box.x + indent * 12 * scale_;
      const std::int64_t count = chance_.pick(7);
      for (std::int64_t i = 0; i < count; ++i) {
        const std::string word = any_word(chance_);
        if (x + text_width(word, scale_) > box.x + box.width) break;
        words(x, y, word, chance_.happens(0.5) ? ink_ : mix_of(any_display_colour(chance_, 2), ink_, 0.4));
        x += text_width(word, scale_) + 6 * scale_;
      }
      indent = std::max(0, std::min(6, indent + static_cast<int>(chance_.pick(3)) - 1));
    }
  }

  void sheet(const Box& box) {
    const int wide = 54 * scale_;
    const Vec3 rule = mix_of(paper_, ink_, 0.25);
    for (int y = box.y; y + line_ < box.y + box.height; y += line_) {
      fill({box.x, y, box.width, 1}, rule);
      for (int x = box.x; x + wide <= box.x + box.width; x += wide) {
        fill({x, y, 1, line_}, rule);
        if (chance_.happens(0.7)) words(x + 3, y + 2, any_number(chance_), ink_);
      }
    }
  }

  /// Mails, chats: round pictures of nobody beside two lines each.
  void list(const Box& box) {
    const int row = 3 * line_;
    for (int y = box.y; y + row < box.y + box.height; y += row) {
      const double radius = row * 0.35;
      const Vec3 colour = any_display_colour(chance_, 1, 0.3, 1);
      fill_ellipse(image_, box.x + radius + 2, y + row * 0.5, radius, radius, {}, colour);
      const Box lines{box.x + row, y, box.width - row, row};
      line_in(lines, y + line_ / 2, chance_.uniform(0.2, 0.5), ink_);
      line_in(lines, y + line_ * 3 / 2, chance_.uniform(0.5, 1), mix_of(ink_, paper_, 0.4));
    }
  }

  void tiles(const Box& box) {
    const int side = static_cast<int>(chance_.uniform(20, 90));
    for (int y = box.y; y + side < box.y + box.height; y += side + line_) {
      for (int x = box.x; x + side < box.x + box.width; x += side + 8) icon(x, y, side);
    }
  }

  void chart(const Box& box) {
    const Vec3 rule = mix_of(paper_, ink_, 0.2);
    for (int i = 0; i <= 5; ++i) fill({box.x, box.y + box.height * i / 5, box.width, 1}, rule);
    const bool bars = chance_.happens(0.5);
    const int step = bars ? 18 : 2;
    double level = 0.5;
    for (int x = 0; x + step < box.width; x += step) {
      level = bars ? chance_.uniform() : clamp01(level + 0.04 * (chance_.uniform() - 0.5));
      const int tall = static_cast<int>(box.height * level);
      fill({box.x + x, box.y + box.height - tall, bars ? step - 5 : 2, bars ? tall : 2}, accent_);
    }
  }

  void article(const Box& box) {
    for (int y = box.y; y + line_ < box.y + box.height; y += line_) {
      if (chance_.happens(0.08) && y + 6 * line_ < box.y + box.height) {
        fill({box.x, y, box.width / 2, 5 * line_}, any_display_colour(chance_));
        y += 5 * line_;
      } else if (!chance_.happens(0.15)) {
        line_in(box, y, chance_.uniform(0.6, 1), ink_);
      }
    }
  }

  Chance chance_;
  bool dark_;
  Vec3 paper_;
  Vec3 ink_;
  Vec3 accent_;
  int scale_;
  int line_;
  Image image_;
};

}  // namespace

Image draw_screenshot(int width, int height, std::uint64_t seed) { return Screen(width, height, seed).draw(); }

}  // namespace throng::synth
