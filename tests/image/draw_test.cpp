#include "image/draw.h"

#include <cmath>
#include <limits>

#include "expect_error.h"
#include "image/sample_pictures.h"

namespace throng {
namespace {

using testing::ElementsAre;

constexpr Colour kBlack = {0, 0, 0};
constexpr Colour kWhite = {255, 255, 255};

/// The picture as rows of text: '#' where red is above half.
std::vector<std::string> rows_of(const Image& image) {
  std::vector<std::string> rows;
  for (int y = 0; y < image.height; ++y) {
    rows.emplace_back();
    for (int x = 0; x < image.width; ++x) rows.back() += image.pixel(x, y)[0] > 127 ? '#' : '.';
  }
  return rows;
}

TEST(DrawPicture, FillsRectanglesInsideThePictureOnly) {
  Image image = filled_image(4, 3, kBlack);
  fill_rectangle(image, 2, 1, 100, 1, kWhite);
  fill_rectangle(image, -5, 2, 6, 9, kWhite);
  fill_rectangle(image, 3, -2, 1, 2, kWhite);
  fill_rectangle(image, 0, 0, -3, 5, kWhite);
  EXPECT_THAT(rows_of(image), ElementsAre("....", "..##", "#..."));
  const int far = std::numeric_limits<int>::max();
  fill_rectangle(image, -far, -far, far, far, kWhite);
  fill_rectangle(image, far, far, far, far, kWhite);
  EXPECT_THAT(rows_of(image), ElementsAre("....", "..##", "#..."));
}

TEST(DrawPicture, MixesByOpacity) {
  Image image = filled_image(1, 1, {100, 0, 200});
  fill_rectangle(image, 0, 0, 1, 1, {200, 100, 0}, 0.25);
  EXPECT_THAT(image.rgb, ElementsAre(125, 25, 150));
}

TEST(DrawPicture, DotsHaveTheAreaOfADisc) {
  for (const double radius : {1.5, 3.0, 10.0}) {
    Image image = filled_image(40, 40, kBlack);
    draw_dot(image, 20, 20.5, radius, kWhite);
    double area = 0;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) area += image.rgb[i] / 255.0;
    EXPECT_NEAR(area, M_PI * radius * radius, 0.03 * M_PI * radius * radius + 0.3);
  }
}

TEST(DrawPicture, DotsLieWhereTheirPointsAre) {
  Image image = filled_image(5, 5, kBlack);
  draw_dot(image, 1.5, 3.5, 0.5, kWhite);  // the centre of pixel (1, 3)
  EXPECT_THAT(rows_of(image), ElementsAre(".....", ".....", ".....", ".#...", "....."));
}

TEST(DrawPicture, DotsOutsideOrNowhereLeaveThePictureAlone) {
  Image image = filled_image(5, 5, kBlack);
  const double nan = std::nan("");
  const double far = std::numeric_limits<double>::infinity();
  draw_dot(image, -10, 2, 3, kWhite);
  draw_dot(image, 1e300, 2, 3, kWhite);
  draw_dot(image, nan, 2, 3, kWhite);
  draw_dot(image, 2, -far, 3, kWhite);
  draw_dot(image, 2, 2, nan, kWhite);
  draw_dot(image, 2, 2, 0, kWhite);
  EXPECT_EQ(image.rgb, Bytes(75, 0));
}

TEST(DrawPicture, WritesText) {
  Image image = filled_image(11, 7, kBlack);
  draw_text(image, 0, 0, "L4", kWhite);
  EXPECT_THAT(rows_of(image), ElementsAre("#........#.",  //
                                          "#.......##.",  //
                                          "#......#.#.",  //
                                          "#.....#..#.",  //
                                          "#.....#####",  //
                                          "#........#.",  //
                                          "#####....#."));
  EXPECT_EQ(text_width("L4"), 12);
  EXPECT_EQ(text_width("L4", 3), 36);
  EXPECT_EQ(text_width(""), 0);
}

TEST(DrawPicture, ScalesAndClipsText) {
  Image image = filled_image(4, 4, kBlack);
  draw_text(image, -2, -2, "-L", kWhite, 2);  // the dash's row 3 begins 2 * 3 - 2 = 4 pixels down
  EXPECT_THAT(rows_of(image), ElementsAre("....", "....", "....", "...."));
  draw_text(image, -2, -4, "-", kWhite, 2);
  EXPECT_THAT(rows_of(image), ElementsAre("....", "....", "####", "####"));
  draw_text(image, std::numeric_limits<int>::max(), 0, "far away", kWhite, 1000);
}

TEST(DrawPicture, DrawsABoxForOtherBytes) {
  Image image = filled_image(5, 7, kBlack);
  draw_text(image, 0, 0, "\xC3", kWhite);
  EXPECT_THAT(rows_of(image), ElementsAre("#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####"));
}

TEST(DrawPicture, CutsWindows) {
  const Image picture = noisy_picture(6, 5);
  const Image part = crop_image(picture, 2, 1, 3, 4);
  ASSERT_EQ(part.width, 3);
  ASSERT_EQ(part.height, 4);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 3; ++x) EXPECT_EQ(part.pixel(x, y)[1], picture.pixel(x + 2, y + 1)[1]);
  }
  expect_error(ErrorKind::failure, {"4 x 1", "(3, 0)", "6 x 5"}, [&] { crop_image(picture, 3, 0, 4, 1); });
  expect_error(ErrorKind::failure, {"does not lie inside"}, [&] { crop_image(picture, -1, 0, 2, 2); });
  expect_error(ErrorKind::failure, {"does not lie inside"}, [&] { crop_image(picture, 0, 0, 0, 2); });
  expect_error(ErrorKind::failure, {"0 x 5"}, [] { filled_image(0, 5, kBlack); });
}

}  // namespace
}  // namespace throng
