#pragma once

#include <filesystem>
#include <span>

#include "throng/image.h"

// What Throng draws or computes from pictures carries a mark, so that a later run knows that it may replace it, and
// leaves everybody else's files alone.
namespace throng {

/// Writes a PNG with the mark of image/own_mark.h, atomically. Throws Error(failure).
void save_marked_png(const Image& image, const std::filesystem::path& path);

/// write_npy with 64 blanks more than necessary in front of the data, which no other writer has.
void write_marked_npy(const std::filesystem::path& path, std::span<const float> values, int height, int width);

/// Whether a regular file is there and has the mark of either kind; a PNG's counts where its name ends in .png.
bool is_marked(const std::filesystem::path& path);

}  // namespace throng
