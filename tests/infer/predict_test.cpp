#include "infer/predict.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <numeric>

#include "expect_error.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

// The same by plain tensor operations.
at::Tensor expected_input(const Image& image, const Normalisation& normalisation) {
  const auto channel = [](const std::vector<double>& values) {
    return at::tensor(values, at::kDouble).view({1, 3, 1, 1});
  };
  const at::Tensor bytes =
      at::tensor(image.rgb, at::kByte).view({1, image.height, image.width, 3}).permute({0, 3, 1, 2}).to(at::kDouble);
  const at::Tensor normalised = (bytes / 255.0 - channel(normalisation.mean)) / channel(normalisation.deviation);
  return at::constant_pad_nd(normalised, {0, std::max(0, 16 - image.width), 0, std::max(0, 16 - image.height)}, 0);
}

/// The count as the paper's code takes it: the full-size map, cut to the image, summed.
double full_size_count(const LoadedModel& model, const Image& image) {
  const at::NoGradGuard no_gradients;
  const at::Tensor input = expected_input(image, model.card.normalisation).to(at::kFloat);
  const at::Tensor map = model.net.forward(input).final_map();
  const at::Tensor full = at::upsample_nearest2d(map, {input.size(2), input.size(3)});
  return full.slice(2, 0, image.height).slice(3, 0, image.width).sum(at::kDouble).item<double>() /
         model.card.density_scale;
}

class PredictTest : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Encoders, PredictTest, testing::Values("resnet18", "vgg16_bn"));

TEST_P(PredictTest, CountsWhatTheFullSizeMapSumsTo) {
  const LoadedModel model = tiny_model(GetParam());
  for (const auto& [width, height] :
       {std::pair{16, 16}, {97, 131}, {131, 97}, {1, 1}, {5, 300}, {300, 5}, {64, 96}, {17, 33}}) {
    const Image image = noisy_picture(width, height);
    const GridCount counted = count_on_grid(model.net, model.card, image);
    const double expected = full_size_count(model, image);
    EXPECT_GT(expected, 0) << width << " x " << height;
    EXPECT_NEAR(counted.count, expected, 1e-5 * expected) << width << " x " << height;
    const double sum = std::accumulate(counted.grid.values.begin(), counted.grid.values.end(), 0.0);
    EXPECT_DOUBLE_EQ(counted.count, sum) << width << " x " << height;
  }
}

TEST(ImageTensor, NormalisesAndPadsWithZeros) {
  Normalisation normalisation;
  normalisation.mean = {0.5, 0.25, 0.0};
  normalisation.deviation = {0.5, 0.25, 2.0};
  for (const auto& [width, height] : {std::pair{20, 18}, {3, 40}, {1, 1}}) {
    const Image image = noisy_picture(width, height);
    const at::Tensor input = image_tensor(image, normalisation);
    EXPECT_TRUE(input.is_contiguous(at::MemoryFormat::ChannelsLast));
    EXPECT_EQ(input.sizes(), at::IntArrayRef({1, 3, std::max(16, height), std::max(16, width)}));
    EXPECT_TRUE(at::allclose(input.to(at::kDouble), expected_input(image, normalisation), 1e-6, 1e-6));
  }
  const Image white{1, 1, {255, 255, 255}};
  const at::Tensor input = image_tensor(white, normalisation);
  EXPECT_FLOAT_EQ(input[0][0][0][0].item<float>(), 1.0F);
  EXPECT_FLOAT_EQ(input[0][1][0][0].item<float>(), 3.0F);
  EXPECT_FLOAT_EQ(input[0][2][0][0].item<float>(), 0.5F);
  EXPECT_FLOAT_EQ(input[0][1][0][1].item<float>(), 0.0F);
}

TEST(ImageTensor, RefusesImagesThatAreNone) {
  for (const Image& image : {Image{0, 0, {}}, Image{2, 2, std::vector<std::uint8_t>(11)}, Image{-1, 4, {}}}) {
    expect_error(ErrorKind::input, {"3 bytes a pixel"}, [&] { image_tensor(image, {}); });
  }
}

TEST(CountFinalMap, RepeatsCellsAsTheFullSizeMapDoes) {
  // 18 rows from 4: floor(y * 4 / 18) gives each cell 5, 4, 5, 4 rows; 16 columns from 4: 4 each.
  const at::Tensor map = at::arange(16, at::TensorOptions().dtype(at::kFloat)).view({1, 1, 4, 4});
  const GridCount counted = count_final_map(map, 100.0, 18, 16);
  const double rows[] = {5, 4, 5, 4};
  double expected = 0;
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 4; ++c) {
      const double people = (4 * r + c) * rows[r] * 4 / 100.0;
      EXPECT_NEAR(counted.grid.values[static_cast<std::size_t>(4 * r + c)], people, 1e-6);
      expected += people;
    }
  }
  EXPECT_NEAR(counted.count, expected, 1e-5);
}

TEST(CountFinalMap, LeavesOutWhatLiesOutsideTheImage) {
  // A 2 x 1 image was padded to 16 x 16: only the first row's first two pixels count, both in cell (0, 0).
  const GridCount counted = count_final_map(at::ones({1, 1, 4, 4}), 10.0, 1, 2);
  EXPECT_NEAR(counted.count, 0.2, 1e-7);
  EXPECT_NEAR(counted.grid.values[0], 0.2, 1e-7);
}

}  // namespace

}  // namespace throng
