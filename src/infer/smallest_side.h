#pragma once

namespace throng {

/// Networks see no side shorter than this, pixels: smaller images are filled up with zeros behind the normalisation.
inline constexpr int kSmallestSide = 16;

}  // namespace throng
