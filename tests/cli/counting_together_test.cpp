#include "cli/counting_together.h"

#include <gtest/gtest.h>

#include "expect_error.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"
#include "throng/error.h"

namespace throng {

namespace {

class CountingTogether : public testing::Test {
 protected:
  void expect_counted_as_alone(const PictureToCount& picture) const {
    ASSERT_FALSE(picture.problem) << picture.path;
    EXPECT_NEAR(picture.counted.result.count, counter_.count(picture.image).count, 1e-5) << picture.path;
    EXPECT_EQ(picture.counted.result.width, picture.image.width);
    EXPECT_GT(picture.counted.seconds, 0);
  }

  TemporaryFolder folder_;
  Counter counter_ = Counter::load(save_tiny_model(folder_ / "tiny.safetensors"), {.device = "cpu"});
};

TEST_F(CountingTogether, EachPictureHasTheResultThatItHasAlone) {
  std::vector<PictureToCount> pictures = {{.path = "a", .image = noisy_picture(64, 48, 1)},
                                          {.path = "b", .image = noisy_picture(48, 64, 2)},
                                          {.path = "c", .image = noisy_picture(64, 48, 3)}};
  count_together(counter_, pictures, false);
  for (const PictureToCount& picture : pictures) expect_counted_as_alone(picture);
  EXPECT_NE(pictures[0].counted.result.count, pictures[2].counted.result.count);
}

TEST_F(CountingTogether, AProblemBelongsToItsPicture) {
  std::vector<PictureToCount> pictures = {{.path = "a", .image = noisy_picture(64, 48, 1)},
                                          {.path = "b", .image = {.width = 64, .height = 48, .rgb = {1, 2, 3}}},
                                          {.path = "c"},
                                          {.path = "d", .image = noisy_picture(64, 48, 3)}};
  pictures[2].problem = std::make_exception_ptr(Error(ErrorKind::input, "c is damaged"));
  count_together(counter_, pictures, false);
  expect_counted_as_alone(pictures[0]);
  expect_counted_as_alone(pictures[3]);
  expect_error(ErrorKind::input, {"3 bytes of RGB"}, [&] { std::rethrow_exception(pictures[1].problem); });
  expect_error(ErrorKind::input, {"c is damaged"}, [&] { std::rethrow_exception(pictures[2].problem); });
}

TEST_F(CountingTogether, AProfileIsThatOfOnePicture) {
  std::vector<PictureToCount> pictures = {{.path = "a", .image = noisy_picture(64, 48, 1)},
                                          {.path = "b", .image = noisy_picture(64, 48, 2)}};
  count_together(counter_, pictures, true);
  for (const PictureToCount& picture : pictures) EXPECT_FALSE(picture.counted.profile.empty());
}

TEST_F(CountingTogether, ACpuTakesOneAtATime) { EXPECT_EQ(pictures_at_once(counter_), 1U); }

}  // namespace

}  // namespace throng
