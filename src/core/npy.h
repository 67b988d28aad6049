#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace throng {

inline constexpr std::size_t kNpyAlignment = 64;  ///< the data begin at a multiple of it

/// Writes `values` [height, width] as a NumPy file: float32, little endian, C order, format version 1.0. Atomic.
/// `blanks` are added to the padding of its header, a multiple of kNpyAlignment. Throws Error(failure) when the number
/// of values is not height * width, or the file cannot be written.
void write_npy(const std::filesystem::path& path, std::span<const float> values, int height, int width,
               std::size_t blanks = 0);

}  // namespace throng
