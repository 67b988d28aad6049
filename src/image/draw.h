#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "throng/image.h"

namespace throng {

using Colour = std::array<std::uint8_t, 3>;

Image filled_image(int width, int height, Colour colour);

/// All drawing is clipped to the picture.
void fill_rectangle(Image& image, int x, int y, int width, int height, Colour colour, double opacity = 1.0);
void draw_dot(Image& image, double x, double y, double radius, Colour colour, double opacity = 1.0);

/// Draws text (printable ASCII; other bytes as a box) with its top-left corner at (x, y), `scale` times a 5x7 pixel
/// font that advances 6 pixels a letter. text_width gives the width that it takes.
void draw_text(Image& image, int x, int y, std::string_view words, Colour colour, int scale = 1);
int text_width(std::string_view words, int scale = 1);

/// A colour map over [0, 1]: perceptually ordered, dark blue through green to yellow, as density maps are shown.
Colour density_colour(double value);

/// A part of a picture; the window must lie inside it.
Image crop_image(const Image& image, int x, int y, int width, int height);

}  // namespace throng
