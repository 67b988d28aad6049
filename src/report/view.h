#pragma once

#include <optional>
#include <string>

#include "report/colour_scale.h"
#include "throng/image.h"

namespace throng {

/// A picture at a size at which it can be looked at: tiny ones are enlarged, those of more than 4,000 pixels a side
/// shrunk. Throws Error(failure) for a picture without pixels.
Image fit_for_viewing(const Image& picture);

/// What stands below a picture.
struct Caption {
  std::string heading;               ///< large
  std::string note;                  ///< small, below it; cut where there is no room
  std::optional<ColourScale> scale;  ///< a colour bar with its ticks
};

/// Puts the caption on a dark strip below the picture; text and bar grow with the picture, and a narrow picture is
/// centred above a wider strip.
Image with_caption(const Image& picture, const Caption& caption);

}  // namespace throng
