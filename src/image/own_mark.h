#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

// What Throng draws from pictures carries a mark, so that it is known later, beside the photos that it was made of.
namespace throng {

/// The PNG with a text chunk (Software: Throng, drawn from a picture) behind its header. Throws Error(failure) for what
/// is no PNG.
std::vector<std::uint8_t> with_mark(std::vector<std::uint8_t> png);

/// Whether NAME.png is a regular file that has this mark. What cannot be read has none.
bool is_own_drawing(const std::filesystem::path& path);

}  // namespace throng
