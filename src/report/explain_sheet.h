#pragma once

#include <string_view>

#include "report/explanation.h"
#include "throng/image.h"

namespace throng {

/// All layers side by side on one picture: sections with their headings, a title and a count above each panel, what the
/// colours mean at the foot. `name` and `model` stand in the head. As wide as is near to a screen's shape.
/// Throws Error(failure) for a picture without pixels.
Image explanation_sheet(const Explanation& explanation, const Image& picture, std::string_view name,
                        std::string_view model);

}  // namespace throng
