#include "image/blur.h"

#include <gtest/gtest.h>

#include <numeric>

#include "core/draw.h"
#include "expect_error.h"
#include "image/draw.h"

namespace throng {
namespace {

double mean_of(const Image& image) {
  return std::accumulate(image.rgb.begin(), image.rgb.end(), 0.0) / static_cast<double>(image.rgb.size());
}

Image random_picture(int width, int height) {
  const Draw draw(1, "blur_test");
  Image image = filled_image(width, height, {});
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<std::uint8_t>(draw.integer(i, 256));
  return image;
}

TEST(Blur, SpreadsAPointAsAGaussian) {
  Image image = filled_image(41, 41, {});
  fill_rectangle(image, 19, 19, 3, 3, {255, 255, 255});
  const Image soft = blur_image(image, 2);
  // A Gaussian of sigma 2 has the weights 0.1995, 0.1760, 0.1210, 0.0648, 0.0270, 0.0088 at 0 to 5 pixels, so three in
  // a row weigh 0.5515 seen from the middle and 0.1005 from 4 pixels away.
  EXPECT_NEAR(soft.pixel(20, 20)[0], 255 * 0.5515 * 0.5515, 1);
  EXPECT_NEAR(soft.pixel(24, 20)[1], 255 * 0.5515 * 0.1005, 1);
  EXPECT_NEAR(soft.pixel(24, 24)[2], 255 * 0.1005 * 0.1005, 1);
  EXPECT_EQ(soft.pixel(16, 20)[0], soft.pixel(24, 20)[0]);
  EXPECT_EQ(soft.pixel(20, 16)[0], soft.pixel(24, 20)[0]);
  EXPECT_EQ(soft.pixel(0, 0)[0], 0);
}

TEST(Blur, KeepsTheMeanUpToTheEdgesAndFlatPicturesExactly) {
  const Image image = random_picture(37, 23);
  for (const double sigma : {0.4, 1.0, 3.0, 30.0}) {
    EXPECT_NEAR(mean_of(blur_image(image, sigma)), mean_of(image), 0.25) << sigma;
    const Image flat = filled_image(9, 5, {7, 128, 255});
    EXPECT_EQ(blur_image(flat, sigma).rgb, flat.rgb);
  }
  EXPECT_EQ(blur_image(image, 0).rgb, image.rgb);
  EXPECT_EQ(blur_image(filled_image(1, 1, {5, 6, 7}), 2).rgb, (std::vector<std::uint8_t>{5, 6, 7}));
}

TEST(Blur, SigmasWhoseSquareIsZeroGiveACopy) {
  const Image image{2, 1, {0, 50, 100, 150, 200, 250}};
  EXPECT_EQ(blur_image(image, 1e-170).rgb, image.rgb);
}

TEST(Blur, RefusesWhatIsNoSigma) {
  const Image image = filled_image(3, 3, {});
  expect_error(ErrorKind::failure, {"-1"}, [&] { blur_image(image, -1); });
  expect_error(ErrorKind::failure, {"5000"}, [&] { blur_image(image, 5000); });
}

}  // namespace
}  // namespace throng
