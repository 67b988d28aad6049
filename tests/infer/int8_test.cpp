#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "infer/calibrator.h"
#include "infer/device.h"
#include "infer/layers/convolutions.h"
#include "infer/onednn.h"
#include "infer/predict.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"

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
// `rounds_sums`: what a shortcut is added to is rounded to bf16.
void expect_exact_sums(std::unique_ptr<Layer> (*make)(const ConvBlock&, const EdgeTypes&), bool rounds_sums) {
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
      make(block, {.input = at::kByte, .output = at::kByte, .residual = at::kByte, .input_scale = input_scale})
          ->run(inputs, output);

      const at::Tensor steps = block.weight.abs().amax(at::IntArrayRef{1, 2, 3}, true) / 127;
      const at::Tensor weight = (at::round(block.weight / steps) * steps).to(at::kDouble);
      at::Tensor expected = at::conv2d(input.to(at::kDouble) * input_scale, weight, block.bias.to(at::kDouble),
                                       at::IntArrayRef{1, 1}, at::IntArrayRef{0, halo});
      const at::Tensor before_sum =
          residual && rounds_sums ? expected.abs() * 0x1p-8 / output_scale : at::zeros_like(expected);
      if (residual) expected = expected + shortcut.to(at::kDouble) * 0.1;
      expected = (expected / output_scale).clamp(0, 255);
      const at::Tensor beyond = (output.values.to(at::kDouble) - expected).abs() - before_sum;
      EXPECT_LE(beyond.max().item<double>(), 0.501) << "kernel " << kernel << ", residual " << residual;
    }
  }
}

TEST_F(Int8, ConvolutionIsExactUpToItsLastRounding) {
  // Where the processor knows bf16.
  expect_exact_sums(make_int8_convolution_layer, has_native_bf16(at::kCPU));
}

TEST_F(Int8, VnniConvolutionIsExactUpToItsLastRounding) {
  if (!suits_vnni(ConvBlock({.in = 24, .out = 40}), {.input = at::kByte})) GTEST_SKIP() << "no AVX-512 VNNI, or AMX";
  expect_exact_sums(make_vnni_convolution_layer, false);
}

// Rows of a picture's bytes against the convolution of the normalised picture in double precision, with the weights
// rounded as int8 rounds them.
TEST_F(Int8, PictureConvolutionNormalises) {
  const Normalisation normalisation;
  for (const ConvSpec& spec :
       {ConvSpec{.in = 3, .out = 20, .kernel = 3}, ConvSpec{.in = 3, .out = 64, .kernel = 7, .stride = 2}}) {
    ConvBlock block(spec);
    if (!suits_picture_bytes(block, normalisation)) GTEST_SKIP() << "no AVX-512 VNNI";
    at::manual_seed(4);
    block.weight = at::randn(block.weight.sizes());
    block.bias = at::randn(block.bias.sizes());
    const int height = 20, width = 13, padding = static_cast<int>(block.spec().padding);
    const at::Tensor picture = random_bytes({1, 3, height, width});
    const at::Tensor mean = at::tensor(normalisation.mean, at::kDouble).view({1, 3, 1, 1});
    const at::Tensor deviation = at::tensor(normalisation.deviation, at::kDouble).view({1, 3, 1, 1});
    const at::Tensor of_bytes = block.weight.to(at::kDouble) / (255 * deviation);
    const at::Tensor steps = of_bytes.abs().amax(at::IntArrayRef{1, 2, 3}, true) / 127;
    const at::Tensor weight = at::round(of_bytes / steps) * steps * 255 * deviation;
    const at::Tensor expected =
        at::relu(at::conv2d((picture.to(at::kDouble) / 255 - mean) / deviation, weight, block.bias.to(at::kDouble),
                            at::IntArrayRef{spec.stride, spec.stride}, at::IntArrayRef{padding, padding}));
    // Beside the picture lie bytes that are zero to half a byte.
    const double border = (weight.abs() / (2 * 255 * deviation)).sum(at::IntArrayRef{1, 2, 3}).max().item<double>();

    // All rows, with the bands' margins, which hold anything.
    const at::Tensor with_margins = random_bytes({1, 3, height + 2 * padding, width});
    with_margins.narrow(2, padding, height).copy_(picture);
    const float scale = 0.05F;
    const MapRows output{
        at::empty_like(expected, at::TensorOptions(at::kByte).memory_format(at::MemoryFormat::ChannelsLast)), 0,
        static_cast<int>(expected.size(2)), scale};
    const std::vector<MapRows> inputs = {{with_margins, -padding, height, 1}};
    make_picture_convolution_layer(block, {.input = at::kByte, .output = at::kByte, .picture = &normalisation})
        ->run(inputs, output);
    const at::Tensor beyond = (output.values.to(at::kDouble) - (expected / scale).clamp(0, 255)).abs();
    EXPECT_LE(beyond.max().item<double>(), 0.501 + border / scale);
    const auto inner = [&](const at::Tensor& map) {
      return map.slice(2, padding, -padding).slice(3, padding, -padding);
    };
    EXPECT_LE(inner(beyond).max().item<double>(), 0.501) << "kernel " << spec.kernel;
  }
}

TEST_F(Int8, PictureConvolutionNeedsBytesForItsBorders) {
  EXPECT_FALSE(suits_picture_bytes(ConvBlock({.in = 3, .out = 8}), {.mean = {0.5, -0.1, 0.5}}));
  EXPECT_FALSE(suits_picture_bytes(ConvBlock({.in = 4, .out = 8}), {}));
}

/// As it is loaded: Calibrator does so.
std::filesystem::path save_exactly(const std::filesystem::path& path, const std::string& encoder) {
  LoadedModel model = tiny_model(encoder);
  write_safetensors(model_to_file(model.net, model.card, StoredPrecision::fp32), path);
  return path;
}

LoadedModel calibrated_model(const std::string& encoder) {
  const TemporaryFolder folder;
  Calibrator calibrator(save_exactly(folder / "tiny.safetensors", encoder));
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

// Told the normalisation, int8 begins with the picture's bytes.
TEST_F(Int8, CountsNearFp32FromBytes) {
  for (const char* encoder : {"vgg16_bn", "resnet50"}) {
    LoadedModel model = calibrated_model(encoder);
    const Normalisation normalisation = model.card.normalisation;
    const PreparedNet exact = prepare(tiny_model(encoder).net, Precision::fp32);
    const PreparedNet net =
        prepare(std::move(model.net), Precision::int8, at::kCPU, &*model.card.calibration, &normalisation);
    // The second is smaller than networks take.
    for (const Image& picture : {noisy_picture(131, 97, 7), noisy_picture(40, 11, 8)}) {
      const double expected = exact.forward(picture, normalisation).final_map().sum().item<double>();
      const at::Tensor map = net.forward(picture, normalisation).final_map();
      EXPECT_NEAR(map.sum().item<double>() / expected, 1, 0.1) << encoder;
      const at::Tensor of_tensor = net.forward(image_tensor(picture, normalisation)).final_map();
      EXPECT_TRUE(at::equal(map, of_tensor)) << "from the normalised picture";
    }
  }
}

TEST_F(Int8, RefusesAnotherNormalisation) {
  LoadedModel model = calibrated_model("resnet50");
  const Normalisation normalisation = model.card.normalisation;
  const PreparedNet net =
      prepare(std::move(model.net), Precision::int8, at::kCPU, &*model.card.calibration, &normalisation);
  if (net.kernels().find("VNNI") == std::string::npos) GTEST_SKIP() << "no AVX-512 VNNI";
  EXPECT_THROW(net.forward(noisy_picture(32, 32), {.mean = {0, 0, 0}, .deviation = {1, 1, 1}}), std::logic_error);
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

TEST(CalibratorTest, KnowsWhatDoesNotFitIntoMemory) {
  const TemporaryFolder folder;
  Calibrator calibrator(save_exactly(folder / "tiny.safetensors", "resnet18"));
  expect_error(ErrorKind::failure, {"2000000 x 2000000", "memory"},
               [&] { calibrator.check_memory(2'000'000, 2'000'000); });
  calibrator.check_memory(64, 48);
  expect_error(ErrorKind::input, {"64 x 48", "cannot be counted"}, [&] { calibrator.add({64, 48, {1, 2, 3}}); });
  EXPECT_EQ(calibrator.calibration().images, 0);
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
