#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "infer/calibrator.h"
#include "infer/device.h"
#include "infer/layers/convolutions.h"
#include "infer/onednn.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

class Int8 : public testing::Test {
 protected:
  void SetUp() override {
    if (!why_no_int8_convolution().empty()) GTEST_SKIP() << why_no_int8_convolution();
  }
};

at::Tensor random_bytes(at::IntArrayRef sizes) {
  return at::randint(0, 256, sizes, at::kByte).contiguous(at::MemoryFormat::ChannelsLast);
}

// A convolution of bytes against the same sum in double precision: nothing but the rounding of the result is lost.
TEST_F(Int8, ConvolutionIsExactUpToItsLastRounding) {
  at::manual_seed(2);
  for (const bool residual : {false, true}) {
    for (const std::int64_t kernel : {1, 3}) {
      ConvBlock block({.in = 24, .out = 40, .kernel = kernel});
      block.weight = at::randn(block.weight.sizes());
      block.bias = at::randn(block.bias.sizes());
      const float input_scale = 0.02F, output_scale = 0.3F;
      const int rows = 6, width = 9, halo = static_cast<int>(kernel / 2);
      const at::Tensor input = random_bytes({1, 24, rows + 2 * halo, width}),
                       shortcut = random_bytes({1, 40, rows, width});
      std::vector<MapRows> inputs = {{input, -halo, rows, input_scale}};
      if (residual) inputs.push_back({shortcut, 0, rows, 0.1F});
      const MapRows output{at::empty_like(shortcut), 0, rows, output_scale};
      make_int8_convolution_layer(block, {at::kByte, at::kByte, at::kByte, input_scale})->run(inputs, output);

      const at::Tensor steps = block.weight.abs().amax(at::IntArrayRef{1, 2, 3}, true) / 127;
      const at::Tensor weight = (at::round(block.weight / steps) * steps).to(at::kDouble);
      at::Tensor expected = at::conv2d(input.to(at::kDouble) * input_scale, weight, block.bias.to(at::kDouble),
                                       at::IntArrayRef{1, 1}, at::IntArrayRef{0, halo});
      // What a shortcut is added to is rounded to bf16 where the processor knows that.
      const bool rounded = residual && has_native_bf16(at::kCPU);
      const at::Tensor before_sum = rounded ? expected.abs() * 0x1p-8 / output_scale : at::zeros_like(expected);
      if (residual) expected = expected + shortcut.to(at::kDouble) * 0.1;
      expected = (expected / output_scale).clamp(0, 255);
      const at::Tensor beyond = (output.values.to(at::kDouble) - expected).abs() - before_sum;
      EXPECT_LE(beyond.max().item<double>(), 0.501) << "kernel " << kernel << ", residual " << residual;
    }
  }
}

LoadedModel calibrated_model(const std::string& encoder) {
  Calibrator calibrator(tiny_model(encoder));
  for (const std::uint64_t seed : {1, 2, 3}) calibrator.add(noisy_picture(96, 80, seed));
  LoadedModel model = tiny_model(encoder);
  model.card.calibration = calibrator.calibration();
  return model;
}

TEST_F(Int8, CountsNearFp32) {
  for (const char* encoder : {"vgg16_bn", "resnet50"}) {
    LoadedModel model = calibrated_model(encoder);
    EXPECT_EQ(model.card.calibration->images, 3);
    const PreparedNet exact = prepare(tiny_model(encoder).net, Precision::fp32);
    const PreparedNet net = prepare(std::move(model.net), Precision::int8, at::kCPU, &*model.card.calibration);
    EXPECT_EQ(net.precision(), Precision::int8);
    const Image picture = noisy_picture(131, 97, 7);
    const double expected = exact.forward(picture, {}).final_map().sum().item<double>();
    EXPECT_NEAR(net.forward(picture, {}).final_map().sum().item<double>() / expected, 1, 0.1) << encoder;
  }
}

TEST_F(Int8, AutoTakesItWhereTheModelIsCalibrated) {
  EXPECT_EQ(choose_precision(Precision::automatic, at::kCPU, true), Precision::int8);
  EXPECT_NE(choose_precision(Precision::automatic, at::kCPU, false), Precision::int8);
}

TEST(Int8Refusal, SaysWhatToDo) {
  expect_error(ErrorKind::usage, {"calibrated", "throng model quantize"},
               [] { prepare(tiny_model().net, Precision::int8); });
}

TEST(Int8Refusal, ACalibrationOfAnotherNetworkIsNamed) {
  if (!why_no_int8_convolution().empty()) GTEST_SKIP() << why_no_int8_convolution();
  Calibration calibration{.images = 1, .ranges = {{"encoder.stem", 1.0F}}};
  expect_error(ErrorKind::model, {"layer1", "throng model quantize"},
               [&] { prepare(tiny_model().net, Precision::int8, at::kCPU, &calibration); });
}

TEST(CalibrationInTheCard, IsKept) {
  ModelCard card;
  EXPECT_FALSE(card_from_text(card_to_text(card), "card").calibration.has_value());
  card.calibration = Calibration{.images = 5, .ranges = {{"a", 0.5F}, {"b", 0.0F}}};
  const ModelCard read = card_from_text(card_to_text(card), "card");
  EXPECT_EQ(read.calibration->images, 5);
  EXPECT_EQ(read.calibration->ranges, card.calibration->ranges);
  card.calibration->ranges["a"] = -1;
  expect_error(ErrorKind::model, {"calibration"}, [&] { card_from_text(card_to_text(card), "card"); });
}

}  // namespace

}  // namespace throng
