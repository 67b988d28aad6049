#pragma once

#include <string>
#include <string_view>

#include "data/manifest.h"
#include "throng/image.h"

namespace throng {

/// What is done to pictures to see whether a count survives it, in the order of the members.
struct Alteration {
  double resize = 1;   ///< factor of both sides
  double blur = 0;     ///< sigma of a Gaussian, pixels of the resized picture
  bool night = false;  ///< dark, in warm lamp light, noisy, a little soft
  bool old = false;    ///< a faded brown print: soft, low contrast, darker corners, grain
  bool grey = false;   ///< luma alone
  double noise = 0;    ///< standard deviation of noise in each channel, grey levels
  int jpeg = 0;        ///< quality of a JPEG, 1..100; 0 = kept exactly

  bool operator==(const Alteration&) const = default;
};

/// Throws Error(usage) for values that make no picture: a factor outside 0.01..16, blur outside 0..100, noise outside
/// 0..128, quality outside 0..100.
void validate(const Alteration& alteration);

/// In words: "resize 0.5, grey"; "nothing" when there is nothing to do.
std::string describe(const Alteration& alteration);

/// The altered pixels; `jpeg` is left to whoever writes them. Noise and grain depend on `name` alone, so the same
/// picture is altered in the same way on every machine. Throws Error(input) that says `name` when the result would have
/// more than 200 megapixels.
Image alter_image(const Image& image, const Alteration& alteration, std::string_view name);

/// The points and the size of an entry whose picture has become width x height pixels.
void resize_annotations(ManifestEntry& entry, int width, int height);

}  // namespace throng
