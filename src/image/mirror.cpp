#include "image/mirror.h"

#include <algorithm>

namespace throng {

void mirror_image(Image& image) {
  for (int y = 0; y < image.height; ++y) {
    for (int left = 0, right = image.width - 1; left < right; ++left, --right) {
      std::swap_ranges(image.pixel(left, y), image.pixel(left, y) + 3, image.pixel(right, y));
    }
  }
}

}  // namespace throng
