#include "image/draw.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "image/font.h"
#include "throng/error.h"

namespace throng {
namespace {

void blend(std::uint8_t* pixel, Colour colour, double opacity) {
  for (std::size_t c = 0; c < 3; ++c) {
    pixel[c] = static_cast<std::uint8_t>(std::lround(pixel[c] + (colour[c] - pixel[c]) * opacity));
  }
}

/// A part of a side, clipped to it: [first, last).
struct Span {
  int first;
  int last;
};

Span clip(std::int64_t start, std::int64_t length, int side) {
  const std::int64_t first = std::clamp<std::int64_t>(start, 0, side);
  const std::int64_t last = std::clamp<std::int64_t>(start + std::max<std::int64_t>(length, 0), first, side);
  return {static_cast<int>(first), static_cast<int>(last)};
}

/// The pixels that a disc can touch along one side; empty for a centre that is not a number.
Span reach(double centre, double radius, int side) {
  const double low = std::floor(centre - radius - 1);
  const double high = std::ceil(centre + radius + 1);
  if (!(high > 0 && low < side)) return {0, 0};
  return {static_cast<int>(std::max(low, 0.0)), static_cast<int>(std::min(high, static_cast<double>(side)))};
}

void draw_glyph(Image& image, std::int64_t x, std::int64_t y, const Glyph& glyph, Colour colour, int scale) {
  for (int row = 0; row < kGlyphHeight; ++row) {
    const Span rows = clip(y + std::int64_t{row} * scale, scale, image.height);
    for (int column = 0; column < kGlyphWidth; ++column) {
      if (!(glyph[static_cast<std::size_t>(row)] >> (kGlyphWidth - 1 - column) & 1)) continue;
      const Span columns = clip(x + std::int64_t{column} * scale, scale, image.width);
      for (int py = rows.first; py < rows.last; ++py) {
        for (int px = columns.first; px < columns.last; ++px)
          std::copy(colour.begin(), colour.end(), image.pixel(px, py));
      }
    }
  }
}

}  // namespace

Image filled_image(int width, int height, Colour colour) {
  if (width < 1 || height < 1) {
    throw Error(ErrorKind::failure,
                text("a picture of ", width, " x ", height, " pixels cannot be made: both sides need at least 1"));
  }
  const std::size_t bytes = std::size_t{3} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  Image image{width, height, std::vector<std::uint8_t>(bytes)};
  for (std::size_t i = 0; i < bytes; i += 3) std::copy(colour.begin(), colour.end(), image.rgb.data() + i);
  return image;
}

void fill_rectangle(Image& image, int x, int y, int width, int height, Colour colour, double opacity) {
  const Span columns = clip(x, width, image.width);
  const Span rows = clip(y, height, image.height);
  const double share = std::clamp(opacity, 0.0, 1.0);
  for (int py = rows.first; py < rows.last; ++py) {
    for (int px = columns.first; px < columns.last; ++px) blend(image.pixel(px, py), colour, share);
  }
}

void draw_dot(Image& image, double x, double y, double radius, Colour colour, double opacity) {
  if (!(radius > 0)) return;
  const Span columns = reach(x, radius, image.width);
  const Span rows = reach(y, radius, image.height);
  const double share = std::clamp(opacity, 0.0, 1.0);
  for (int py = rows.first; py < rows.last; ++py) {
    for (int px = columns.first; px < columns.last; ++px) {
      // How far the disc's edge lies beyond the pixel's centre is about how much of the pixel it covers.
      const double inside = std::clamp(radius + 0.5 - std::hypot(px + 0.5 - x, py + 0.5 - y), 0.0, 1.0);
      blend(image.pixel(px, py), colour, share * inside);
    }
  }
}

void draw_text(Image& image, int x, int y, std::string_view words, Colour colour, int scale) {
  std::int64_t left = x;
  for (const char letter : words) {
    draw_glyph(image, left, y, glyph_of(letter), colour, scale);
    left += std::int64_t{kGlyphAdvance} * scale;
  }
}

int text_width(std::string_view words, int scale) { return static_cast<int>(words.size()) * kGlyphAdvance * scale; }

Image crop_image(const Image& image, int x, int y, int width, int height) {
  const bool inside =
      x >= 0 && y >= 0 && width > 0 && height > 0 && width <= image.width - x && height <= image.height - y;
  if (!inside) {
    throw Error(ErrorKind::failure, text("a window of ", width, " x ", height, " pixels at (", x, ", ", y,
                                         ") does not lie inside a picture of ", image.width, " x ", image.height));
  }
  const std::size_t row = std::size_t{3} * static_cast<std::size_t>(width);
  Image part{width, height, std::vector<std::uint8_t>(row * static_cast<std::size_t>(height))};
  for (int i = 0; i < height; ++i) std::copy_n(image.pixel(x, y + i), row, part.pixel(0, i));
  return part;
}

}  // namespace throng
