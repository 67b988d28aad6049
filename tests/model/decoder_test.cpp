#include "model/decoder.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>

#include "expect_error.h"

namespace throng {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr std::array<std::int64_t, 3> kTaps = {5, 6, 7};

ModelConfig narrow() {
  ModelConfig config;
  config.decoder.block1 = {4};
  config.decoder.block2 = {8, 3};
  config.decoder.block3 = {2};
  return config;
}

EncoderTaps some_taps() { return {at::rand({2, 5, 12, 20}), at::rand({2, 6, 6, 10}), at::rand({2, 7, 3, 5})}; }

std::map<std::string, ConvSpec> blocks_of(Decoder& decoder) {
  std::map<std::string, ConvSpec> blocks;
  decoder.visit([&](const std::string& name, ConvBlock& block) { blocks[name] = block.spec(); });
  return blocks;
}

TEST(Decoder, StacksEachBlockOnItsSkipAndTheCoarserOne) {
  Decoder decoder(narrow(), kTaps);
  EXPECT_EQ(decoder.channels(), (Shape{4, 3, 2}));
  const auto blocks = blocks_of(decoder);
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(blocks.at("decoder.block3.0").in, 7);
  EXPECT_EQ(blocks.at("decoder.block2.0").in, 6 + 2);
  EXPECT_EQ(blocks.at("decoder.block2.1").in, 8);
  EXPECT_EQ(blocks.at("decoder.block1.0").in, 5 + 3);
  const std::vector<at::Tensor> out = decoder.forward(some_taps());
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].sizes(), (Shape{2, 4, 12, 20}));
  EXPECT_EQ(out[1].sizes(), (Shape{2, 3, 6, 10}));
  EXPECT_EQ(out[2].sizes(), (Shape{2, 2, 3, 5}));
}

TEST(Decoder, FurtherBlocksStandOnThePooledLastFeature) {
  ModelConfig config = narrow();
  config.decoder.block4 = {9};
  config.decoder.block5 = {1};
  Decoder decoder(config, kTaps);
  EXPECT_EQ(decoder.channels(), (Shape{4, 3, 2, 9, 1}));
  const auto blocks = blocks_of(decoder);
  EXPECT_EQ(blocks.at("decoder.block5.0").in, 7);
  EXPECT_EQ(blocks.at("decoder.block4.0").in, 7 + 1);
  EXPECT_EQ(blocks.at("decoder.block3.0").in, 7 + 9);
  const std::vector<at::Tensor> out = decoder.forward(some_taps());
  EXPECT_EQ(out[3].sizes(), (Shape{2, 9, 2, 3})) << "3 x 5, halved and rounded up";
  EXPECT_EQ(out[4].sizes(), (Shape{2, 1, 1, 2}));
}

// With weights that pass the middle pixel of one channel on, the result is the skip or the resized coarser feature.
TEST(Decoder, ResizesAsTheConfigurationSays) {
  const EncoderTaps taps = some_taps();
  for (const auto& [word, mode] :
       {std::pair{"half_pixel", ResizeMode::half_pixel}, std::pair{"align_corners", ResizeMode::align_corners}}) {
    ModelConfig config = narrow();
    config.decoder.block2 = {3};
    config.resize = word;
    Decoder decoder(config, kTaps);
    decoder.visit([](const std::string& name, ConvBlock& block) {
      block.weight.zero_();
      const std::int64_t from = name == "decoder.block2.0" ? 6 : 0;  // the coarser feature's first channel lies there
      block.weight[0][from][1][1] = 1;
    });
    const at::Tensor expected = resize_bilinear(taps.sixteenth.narrow(1, 0, 1), 6, 10, mode);
    EXPECT_TRUE(at::allclose(decoder.forward(taps)[1].narrow(1, 0, 1), expected)) << word;
  }
}

TEST(Decoder, WidthScalesItsChannels) {
  ModelConfig config = narrow();
  config.decoder.block1 = {40};
  config.width = 0.5;
  EXPECT_EQ(Decoder(config, kTaps).channels().front(), 20);
}

TEST(Decoder, RefusesBlocksThatAreNone) {
  const auto refused = [](const std::vector<std::string>& parts, auto change) {
    ModelConfig config = narrow();
    change(config.decoder);
    expect_error(ErrorKind::usage, parts, [&] { Decoder(config, kTaps); });
  };
  refused({"model.decoder.block2 is empty"}, [](DecoderConfig& decoder) { decoder.block2.clear(); });
  refused({"model.decoder.block3 has 0 channels"}, [](DecoderConfig& decoder) { decoder.block3 = {4, 0}; });
  refused({"block5 needs a block4"}, [](DecoderConfig& decoder) { decoder.block5 = {4}; });
}

}  // namespace
}  // namespace throng
