#include "data/signature.h"

#include <gtest/gtest.h>

#include "data/colour.h"
#include "data/scene_picture.h"
#include "image/codec.h"
#include "image/resize.h"

namespace throng {
namespace {

double likeness(const Image& a, const Image& b) { return similarity(content_signature(a), content_signature(b)); }

TEST(ContentSignature, SurvivesWhatCopiesGoThrough) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Image original = scene_picture(seed);
    EXPECT_NEAR(likeness(original, original), 1.0, 1e-6);
    EXPECT_GT(likeness(original, resize_image(original, 131, 97)), 0.98);
    EXPECT_GT(likeness(original, resize_image(original, 640, 480)), 0.98);
    EXPECT_GT(likeness(original, decode_image(encode_jpeg(original, 20), "x")), 0.98);
    EXPECT_GT(likeness(original, crop_image(original, 3, 2, 314, 236)), kNearIdentical);
    Image edited = original;
    change_colour(edited, 0.5, Draw(seed, "edit"));
    make_grey(edited);
    EXPECT_GT(likeness(original, edited), 0.9);
  }
}

TEST(ContentSignature, TellsPicturesApart) {
  for (std::uint64_t a = 0; a < 12; ++a) {
    for (std::uint64_t b = 0; b < a; ++b) EXPECT_LT(likeness(scene_picture(a), scene_picture(b)), 0.7);
  }
}

TEST(ContentSignature, PlainPicturesResembleNothing) {
  const Image plain = filled_image(40, 30, {90, 90, 90});
  EXPECT_TRUE(content_signature(plain).empty());
  EXPECT_EQ(likeness(plain, plain), 0);
  EXPECT_EQ(likeness(plain, scene_picture(1)), 0);
  EXPECT_EQ(likeness(filled_image(1, 1, {}), plain), 0);
}

}  // namespace
}  // namespace throng
