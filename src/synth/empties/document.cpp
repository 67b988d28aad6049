#include "image/resize.h"
#include "synth/empties/canvas.h"
#include "synth/empties/words.h"
#include "synth/noise.h"

namespace throng::synth {

namespace {

Colour paper(Chance& chance) {
  if (chance.happens(0.1)) return to_colour(any_display_colour(chance, 0.3, 0.02, 0.2));
  const double yellowed = chance.uniform(0, 0.06);
  return to_colour(Vec3{1, 1, 1 - yellowed} * chance.uniform(0.85, 1));
}

/// A page: blocks of text, tables, figures one below the other in one to three columns.
class Page {
 public:
  Page(int width, int height, Chance& chance)
      : chance_(chance),
        paper_(paper(chance)),
        ink_(paper_[0] < 100 ? Colour{225, 225, 220} : to_colour(any_display_colour(chance, 0.3, 0, 0.3))),
        scale_(1 + static_cast<int>(chance.pick(3))),
        leading_(static_cast<int>(chance.uniform(8, 13)) * scale_),
        image_(filled_image(width, height, paper_)) {}

  Image draw() {
    const int margin = static_cast<int>(image_.width * chance_.uniform(0.02, 0.12));
    int top = margin;
    if (chance_.happens(0.5)) top = title(margin, top);
    const int columns = 1 + static_cast<int>(chance_.weighted({5, 3, 1}));
    const int gap = 4 * scale_ + margin / 2;
    const int width = (image_.width - 2 * margin - (columns - 1) * gap) / columns;
    if (width < 30) return std::move(image_);
    for (int i = 0; i < columns; ++i) column(margin + i * (width + gap), top, width, image_.height - margin);
    return std::move(image_);
  }

 private:
  int title(int left, int top) {
    const int large = scale_ * (2 + static_cast<int>(chance_.pick(2)));
    draw_text(image_, left, top, any_line(chance_, 10 + static_cast<std::size_t>(chance_.pick(14))), ink_, large);
    return top + 11 * large;
  }

  void column(int left, int top, int width, int bottom) {
    while (top + leading_ < bottom) {
      switch (chance_.weighted({6, 1, 1.2, 1, 0.6})) {
        case 0:
          top = paragraph(left, top, width, bottom);
          break;
        case 1:
          top = heading(left, top, width);
          break;
        case 2:
          top = table(left, top, width, bottom);
          break;
        case 3:
          top = figure(left, top, width, bottom);
          break;
        default:
          fill_rectangle(image_, left, top, width, scale_, ink_);
          top += leading_;
          break;
      }
      top += leading_ / 2;
    }
  }

  void line(int left, int top, int width, double full) {
    const auto letters = static_cast<std::size_t>(width * full / text_width("m", scale_));
    if (letters > 0) draw_text(image_, left, top, any_line(chance_, letters), ink_, scale_);
  }

  int paragraph(int left, int top, int width, int bottom) {
    const std::int64_t lines = 2 + chance_.pick(12);
    for (std::int64_t i = 0; i < lines && top + leading_ < bottom; ++i, top += leading_) {
      line(left, top, width, i + 1 == lines ? chance_.uniform(0.2, 0.9) : chance_.uniform(0.94, 1));
    }
    return top;
  }

  int heading(int left, int top, int width) {
    const double full = chance_.uniform(0.2, 0.6);
    const std::string words = any_line(chance_, static_cast<std::size_t>(1 + width * full / text_width("m", scale_)));
    draw_text(image_, left, top, words, ink_, scale_);
    draw_text(image_, left + 1, top, words, ink_, scale_);  // bold
    return top + leading_;
  }

  int table(int left, int top, int width, int bottom) {
    const int cell = text_width("m", scale_) * static_cast<int>(9 + chance_.pick(7));
    const std::int64_t rows = 3 + chance_.pick(12);
    const bool ruled = chance_.happens(0.6);
    for (std::int64_t row = 0; row < rows && top + leading_ < bottom; ++row, top += leading_) {
      if (ruled) fill_rectangle(image_, left, top - 2, width, 1, ink_);
      for (int x = left; x + cell <= left + width; x += cell) {
        draw_text(image_, x + 2, top, chance_.happens(0.7) ? any_number(chance_) : any_word(chance_), ink_, scale_);
        if (ruled) fill_rectangle(image_, x, top - 2, 1, leading_, ink_);
      }
    }
    return top;
  }

  /// Bars, or points of a scatter plot.
  int figure(int left, int top, int width, int bottom) {
    const int height = std::min(bottom - top, static_cast<int>(width * chance_.uniform(0.3, 0.8)));
    if (height < 20) return bottom;
    const Vec3 colour = any_display_colour(chance_, 1, 0.2, 0.8);
    fill_rectangle(image_, left, top + height - 1, width, 1, ink_);
    fill_rectangle(image_, left, top, 1, height, ink_);
    const bool scatter = chance_.happens(0.5);
    const std::int64_t marks = scatter ? 20 + chance_.pick(300) : 3 + chance_.pick(20);
    for (std::int64_t i = 0; i < marks; ++i) {
      if (scatter) {
        const double x = left + width * chance_.uniform(0.03, 0.97);
        const double y = top + height * chance_.uniform(0.03, 0.97);
        fill_ellipse(image_, x, y, 2.2 * scale_, 2.2 * scale_, {}, colour);
      } else {
        const int pitch = std::max(2, width / static_cast<int>(marks));
        const int tall = static_cast<int>(height * chance_.uniform(0.05, 1));
        fill_rectangle(image_, left + 2 + static_cast<int>(i) * pitch, top + height - tall, pitch * 2 / 3, tall,
                       to_colour(colour));
      }
    }
    return top + height;
  }

  Chance& chance_;
  Colour paper_;
  Colour ink_;
  int scale_;
  int leading_;
  Image image_;
};

/// A photographed page is lit from one side.
void light_from_the_side(Image& image, Chance& chance) {
  const Direction along = direction(chance.uniform(0, 6.28));
  const double fall = chance.uniform(0.1, 0.5);
  const Vec3 tint{1, chance.uniform(0.92, 1), chance.uniform(0.8, 1)};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double place =
          0.5 + 0.5 * ((2.0 * x / image.width - 1) * along.cosine + (2.0 * y / image.height - 1) * along.sine);
      std::uint8_t* pixel = image.pixel(x, y);
      const Vec3 light = tint * ((1 - fall * clamp01(place)) / 255);
      const Colour lit = to_colour({pixel[0] * light.x, pixel[1] * light.y, pixel[2] * light.z});
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = lit[c];
    }
  }
}

}  // namespace

Image draw_document(int width, int height, std::uint64_t seed) {
  Chance chance(seed, "synth document");
  // Drawn larger and made smaller, letters get the soft edges that print has.
  const double finer = 1 + chance.uniform(0, 1.6);
  Image image = Page(static_cast<int>(width * finer), static_cast<int>(height * finer), chance).draw();
  image = resize_image(image, width, height);
  const bool photo = chance.happens(0.5);
  if (photo) light_from_the_side(image, chance);
  add_camera_loss(image, chance, photo ? 0.8 : 0.2);
  return image;
}

}  // namespace throng::synth
