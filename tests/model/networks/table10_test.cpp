#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <map>

#include "model/density_net.h"

namespace throng {
namespace {

struct Filled {
  DensityNet net;
  std::map<std::string, ConvBlock*> blocks;
};

Filled filled(const std::string& network, const std::string& encoder) {
  ModelConfig config;
  config.network = network;
  config.encoder = encoder;
  config.width = 0.05;
  config.init = "kaiming";
  Filled made{DensityNet(config), {}};
  initialise(made.net, 5);
  made.net.visit([&](const std::string& name, ConvBlock& block) { made.blocks[name] = &block; });
  return made;
}

// Ten convolutions of VGG-16 and no further, six dilated by 2, one 1x1; nearest from 1/8 to 1/4.
TEST(CsrNet, IsAVggToOneEighthAndDilatedConvolutions) {
  const at::NoGradGuard no_gradients;
  Filled csrnet = filled("csrnet", "vgg16");
  EXPECT_EQ(csrnet.blocks.size(), 10 + 6 + 1U);
  const at::Tensor image = at::rand({1, 3, 48, 64});
  at::Tensor x = image;
  for (const auto& [stage, convs] : {std::pair{1, 2}, std::pair{2, 2}, std::pair{3, 3}, std::pair{4, 3}}) {
    if (stage > 1) x = at::max_pool2d(x, 2);
    for (int i = 0; i < convs; ++i) {
      const ConvBlock& block = *csrnet.blocks.at("encoder.stage" + std::to_string(stage) + "." + std::to_string(i));
      x = at::relu(at::conv2d(x, block.weight, block.bias, 1, 1));
    }
  }
  for (int i = 0; i < 6; ++i) {
    const ConvBlock& block = *csrnet.blocks.at("backend." + std::to_string(i));
    x = at::relu(at::conv2d(x, block.weight, block.bias, 1, 2, 2));
  }
  x = at::conv2d(x, csrnet.blocks.at("head.0")->weight, csrnet.blocks.at("head.0")->bias);
  const Prediction prediction = csrnet.net.forward(image);
  ASSERT_EQ(prediction.outputs.size(), 1U);
  EXPECT_TRUE(at::allclose(prediction.final_map(), x.repeat_interleave(2, 2).repeat_interleave(2, 3), 1e-4, 1e-5));
}

TEST(DmCount, IsAVgg19UpsampledToOneEighth) {
  const at::NoGradGuard no_gradients;
  Filled dm_count = filled("dm_count", "vgg19");
  EXPECT_EQ(dm_count.blocks.size(), 16 + 2 + 1U);
  const Prediction prediction = dm_count.net.forward(at::rand({1, 3, 48, 64}));
  const at::Tensor map = prediction.final_map();
  EXPECT_EQ(map.sizes(), (at::IntArrayRef{1, 1, 12, 16}));
  EXPECT_TRUE((map >= 0).all().item<bool>());
  const at::Tensor eighth = at::avg_pool2d(map, 2).repeat_interleave(2, 2).repeat_interleave(2, 3);
  EXPECT_TRUE(at::allclose(map, eighth)) << "values repeat in squares of 8 pixels";
}

TEST(Table10, NetworksTakeAnyEncoderAndOddSizes) {
  const at::NoGradGuard no_gradients;
  for (const char* network : {"csrnet", "dm_count"}) {
    for (const char* encoder : {"vgg16_bn", "resnet18", "resnet50"}) {
      SCOPED_TRACE(std::string(network) + " " + encoder);
      Filled made = filled(network, encoder);
      const at::Tensor map = made.net.forward(at::rand({1, 3, 97, 131})).final_map();
      EXPECT_NEAR(static_cast<double>(map.size(2)), 97 / 4.0, 1.0);
      EXPECT_NEAR(static_cast<double>(map.size(3)), 131 / 4.0, 1.0);
    }
  }
}

}  // namespace
}  // namespace throng
