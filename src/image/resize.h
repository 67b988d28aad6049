#pragma once

#include "image/image_size.h"
#include "throng/image.h"

namespace throng {

/// Resized with an area filter when shrinking and bilinearly (half-pixel centres) when growing.
Image resize_image(const Image& image, int width, int height);

/// As resize_image, but sides grow by cubics (Catmull-Rom, half-pixel centres): edges of what is small stay sharper.
/// Integer arithmetic, so the result is the same on every machine.
Image resize_image_bicubic(const Image& image, int width, int height);

/// `factor` times a side, rounded, from 1 to what an int holds.
int scaled_length(int length, double factor);
ImageSize scaled_size(ImageSize size, double factor);

/// A copy of that size, by resize_image_bicubic.
Image scaled_image(const Image& image, double factor);

}  // namespace throng
