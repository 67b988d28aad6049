#include "image/mirror.h"

#include <gmock/gmock.h>

namespace throng {
namespace {

using testing::ElementsAre;

TEST(Mirror, EachRowIsTurned) {
  Image image{2, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  mirror_image(image);
  EXPECT_THAT(image.rgb, ElementsAre(4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9));
  Image odd{3, 1, {1, 2, 3, 4, 5, 6, 7, 8, 9}};
  mirror_image(odd);
  EXPECT_THAT(odd.rgb, ElementsAre(7, 8, 9, 4, 5, 6, 1, 2, 3));
}

}  // namespace
}  // namespace throng
