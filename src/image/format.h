#pragma once

#include <string_view>

#include "image/byte_source.h"

namespace throng {

enum class PictureFormat { jpeg, png, webp };

/// Tells the format from the first bytes; the name's ending does not matter. Throws Error(input) for anything that is
/// not built in, naming what it is and what to do.
PictureFormat recognise_format(const ByteSource& source, std::string_view name);

}  // namespace throng
