#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "report/explanation.h"
#include "throng/counter.h"
#include "throng/image.h"

namespace throng {

/// A self-contained page: the picture with every layer over it, each to be switched and faded on its own, what the
/// colours mean, and a table of counts. Needs no file or server beside it; its script is inside. `name` is the
/// picture's. Throws Error(failure) for a picture without pixels.
std::string explanation_page(const Explanation& explanation, const Image& picture, std::string_view name,
                             const ModelInfo& model);

/// Whether a file is such a page, and so may be replaced by another; false for one that cannot be read.
bool is_explanation_page(const std::filesystem::path& path);

}  // namespace throng
