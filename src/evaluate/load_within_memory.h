#pragma once

#include <functional>

#include "data/manifest.h"
#include "image/image_size.h"
#include "throng/image.h"

namespace throng {

/// The picture of an entry, whose pixels are decoded only when `check_memory` does not throw for the size in its
/// header. Throws Error(input) for one that cannot be read or has another size than its entry says, and what
/// check_memory throws, with the picture's name.
Image load_within_memory(const ManifestEntry& entry, const std::function<void(ImageSize)>& check_memory);

}  // namespace throng
