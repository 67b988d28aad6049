#pragma once

#include <filesystem>
#include <span>

namespace throng {

/// Writes `values` [height, width] as a NumPy file: float32, little endian, C order, format version 1.0. Atomic.
/// Throws Error(failure) when the number of values is not height * width, or the file cannot be written.
void write_npy(const std::filesystem::path& path, std::span<const float> values, int height, int width);

}  // namespace throng
