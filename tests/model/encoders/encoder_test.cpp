#include "model/encoder.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "expect_error.h"

namespace throng {
namespace {

using Shape = std::vector<std::int64_t>;

std::map<std::string, ConvSpec> blocks_of(Encoder& encoder) {
  std::map<std::string, ConvSpec> blocks;
  encoder.visit([&](const std::string& name, ConvBlock& block) { blocks[name] = block.spec(); });
  return blocks;
}

std::int64_t weights_of(Encoder& encoder) {
  std::int64_t count = 0;
  encoder.visit([&](const std::string&, ConvBlock& block) { count += block.weight.numel(); });
  return count;
}

/// As the papers' tables and torchvision have them, without fully connected layers and ResNet's last stage.
struct Known {
  const char* name;
  std::size_t convolutions;
  std::int64_t weights;
  std::array<std::int64_t, 3> channels;
};

class EveryEncoder : public testing::TestWithParam<Known> {};

TEST_P(EveryEncoder, HasItsLayersAndGivesItsTaps) {
  ModelConfig config;
  config.encoder = GetParam().name;
  const auto encoder = make_encoder(config);
  EXPECT_EQ(blocks_of(*encoder).size(), GetParam().convolutions);
  EXPECT_EQ(weights_of(*encoder), GetParam().weights);
  EXPECT_EQ(encoder->channels(), GetParam().channels);
  const at::NoGradGuard no_gradients;
  const EncoderTaps taps = encoder->forward(at::rand({2, 3, 64, 96}));
  EXPECT_EQ(taps.quarter.sizes(), (Shape{2, GetParam().channels[0], 16, 24}));
  EXPECT_EQ(taps.eighth.sizes(), (Shape{2, GetParam().channels[1], 8, 12}));
  EXPECT_EQ(taps.sixteenth.sizes(), (Shape{2, GetParam().channels[2], 4, 6}));
}

TEST_P(EveryEncoder, EndsAtAnEighthWhereThatIsAllThatIsLookedAt) {
  ModelConfig config;
  config.encoder = GetParam().name;
  const auto encoder = make_encoder(config, EncoderEnd::eighth);
  EXPECT_LT(weights_of(*encoder), GetParam().weights);
  const at::NoGradGuard no_gradients;
  const EncoderTaps taps = encoder->forward(at::rand({1, 3, 32, 32}));
  EXPECT_EQ(taps.eighth.sizes(), (Shape{1, GetParam().channels[1], 4, 4}));
  EXPECT_FALSE(taps.sixteenth.defined());
}

// Weights: sums of out x in x k x k by hand, or of torchvision's models.
INSTANTIATE_TEST_SUITE_P(Encoders, EveryEncoder,
                         testing::Values(Known{"vgg16_bn", 13, 14'710'464, {256, 512, 512}},
                                         Known{"vgg16", 13, 14'710'464, {256, 512, 512}},
                                         Known{"vgg19", 16, 20'018'880, {256, 512, 512}},
                                         Known{"resnet18", 15, 2'778'304, {64, 128, 256}},
                                         Known{"resnet50", 43, 8'512'704, {256, 512, 1024}}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Encoder, NormalisesWhereTheConfigurationSaysSo) {
  ModelConfig config;
  config.norm_eps = 1e-3;
  EXPECT_EQ(blocks_of(*make_encoder(config)).at("stage1.0").norm_eps, 1e-3);
  EXPECT_TRUE(blocks_of(*make_encoder(config)).at("stage1.0").norm);
  config.encoder_norm = false;
  EXPECT_FALSE(blocks_of(*make_encoder(config)).at("stage1.0").norm);
  config.encoder = "resnet18";
  EXPECT_FALSE(blocks_of(*make_encoder(config)).at("layer1.0.conv1").norm);
  config.encoder_norm = true;
  config.encoder = "vgg19";
  EXPECT_FALSE(blocks_of(*make_encoder(config)).at("stage1.0").norm) << "has none";
}

TEST(Encoder, ABottleneckHalvesWhereItsWeightsDo) {
  ModelConfig config;
  config.encoder = "resnet50";
  const auto stride = [&](const char* where, const char* block) {
    config.bottleneck_stride = where;
    return blocks_of(*make_encoder(config)).at(block).stride;
  };
  EXPECT_EQ(stride("3x3", "layer2.0.conv1"), 1);
  EXPECT_EQ(stride("3x3", "layer2.0.conv2"), 2);
  EXPECT_EQ(stride("1x1", "layer2.0.conv1"), 2);
  EXPECT_EQ(stride("1x1", "layer2.0.conv2"), 1);
  EXPECT_EQ(stride("1x1", "layer2.1.conv1"), 1);
}

TEST(Encoder, OfAnUnknownNameListsTheKnown) {
  ModelConfig config;
  config.encoder = "vgg";
  expect_error(ErrorKind::usage, {"model.encoder is \"vgg\"", "vgg16_bn", "resnet50"}, [&] { make_encoder(config); });
}

}  // namespace
}  // namespace throng
