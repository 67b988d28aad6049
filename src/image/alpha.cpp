#include "image/alpha.h"

namespace throng {

void compose_onto_white(Image& image) {
  const std::size_t pixels = image.rgb.size() / 4;
  const std::uint8_t* from = image.rgb.data();
  std::uint8_t* to = image.rgb.data();  // never ahead of `from`
  for (std::size_t i = 0; i < pixels; ++i, from += 4) {
    const int alpha = from[3];
    for (int c = 0; c < 3; ++c) *to++ = static_cast<std::uint8_t>((from[c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
  image.rgb.resize(3 * pixels);
}

}  // namespace throng
