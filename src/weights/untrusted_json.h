#pragma once

#include <string>

#include "core/config.h"

namespace throng {

/// Parses JSON out of a file that nobody vouches for. Throws Error(model), without the file's name, for what is no JSON
/// and for what is nested deeper than 64 levels: copying and printing such a tree would overflow the stack.
Json parse_untrusted_json(const std::string& words);

}  // namespace throng
