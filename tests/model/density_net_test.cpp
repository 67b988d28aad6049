#include "model/density_net.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <map>

#include "expect_error.h"

namespace throng {
namespace {

ModelConfig tiny(const std::string& encoder = "resnet18") {
  ModelConfig config;
  config.encoder = encoder;
  config.width = 0.03;
  config.init = "kaiming";
  return config;
}

std::vector<std::string> output_names(const ModelConfig& config) {
  const at::NoGradGuard no_gradients;
  DensityNet net(config);
  initialise(net, 1);
  std::vector<std::string> names;
  for (const DensityOutput& output : net.forward(at::rand({1, 3, 32, 48})).outputs) names.push_back(output.name);
  return names;
}

TEST(DensityNet, HmodeHasSevenOutputs) {
  EXPECT_EQ(output_names(tiny()),
            (std::vector<std::string>{"expert1", "expert2", "expert3", "group12", "group13", "group23", "final"}));
}

TEST(DensityNet, SingletonGroupsEnterOnce) {
  ModelConfig config = tiny();
  config.levels = {{{1, 3}, {2}}, {{1, 2}}};
  EXPECT_EQ(output_names(config), (std::vector<std::string>{"expert1", "expert2", "expert3", "group13", "final"}));
}

TEST(DensityNet, AverageIsTheMeanOfTheExperts) {
  const at::NoGradGuard no_gradients;
  ModelConfig config = tiny();
  config.levels = {{{1, 2, 3}}};
  config.gates = {GateConfig{.weighting = "average"}};
  DensityNet net(config);
  initialise(net, 3);
  const Prediction prediction = net.forward(at::rand({2, 3, 64, 48}));
  const at::Tensor mean = (prediction.outputs[0].map + prediction.outputs[1].map + prediction.outputs[2].map) / 3;
  EXPECT_TRUE(at::allclose(prediction.final_map(), mean, 1e-5, 1e-6));
  EXPECT_FALSE(prediction.attention.defined());
  EXPECT_FALSE(prediction.gate_weights.front().defined());
}

TEST(DensityNet, MixtureOfOneLevelStaysBetweenTheExperts) {
  const at::NoGradGuard no_gradients;
  ModelConfig config = tiny();
  config.levels = {{{1, 2, 3}}};
  config.gates = {GateConfig{}};
  DensityNet net(config);
  initialise(net, 4);
  const Prediction prediction = net.forward(at::rand({1, 3, 64, 64}));
  const at::Tensor experts =
      at::stack({prediction.outputs[0].map, prediction.outputs[1].map, prediction.outputs[2].map});
  EXPECT_TRUE((prediction.final_map() <= std::get<0>(experts.max(0)) + 1e-6).all().item<bool>());
  EXPECT_TRUE((prediction.final_map() >= std::get<0>(experts.min(0)) - 1e-6).all().item<bool>());
}

TEST(DensityNet, EveryEncoderTakesOddSizes) {
  const at::NoGradGuard no_gradients;
  for (const char* encoder : {"vgg16_bn", "resnet18", "resnet50"}) {
    SCOPED_TRACE(encoder);
    DensityNet net(tiny(encoder));
    initialise(net, 1);
    for (const auto& [height, width] : {std::pair{16, 16}, std::pair{97, 131}, std::pair{17, 40}}) {
      const Prediction prediction = net.forward(at::rand({1, 3, height, width}));
      EXPECT_NEAR(static_cast<double>(prediction.final_map().size(2)), height / 4.0, 1.0);
      EXPECT_NEAR(static_cast<double>(prediction.final_map().size(3)), width / 4.0, 1.0);
      EXPECT_TRUE(at::isfinite(prediction.final_map()).all().item<bool>());
    }
  }
}

TEST(DensityNet, WeightsSumToOneInEachGroup) {
  const at::NoGradGuard no_gradients;
  DensityNet net(tiny());
  initialise(net, 2);
  const Prediction prediction = net.forward(at::rand({1, 3, 32, 32}));
  for (int group = 0; group < 3; ++group) {
    const at::Tensor sum = prediction.gate_weights[0].narrow(1, 2 * group, 2).sum(1);
    EXPECT_TRUE(at::allclose(sum, at::ones_like(sum)));
  }
}

TEST(DensityNet, RefusesGatesThatDoNotFit) {
  ModelConfig config = tiny();
  config.gates.pop_back();
  expect_error(ErrorKind::usage, {"model.gates has 1", "one gate per level"}, [&] { DensityNet{config}; });
  config = tiny();
  config.gates[1].input = "DB1";
  expect_error(ErrorKind::usage, {"attention works on EB3"}, [&] { DensityNet{config}; });
  config = tiny();
  config.gates[0].trunk = {{2, 64}};
  expect_error(ErrorKind::usage, {"odd kernel"}, [&] { DensityNet{config}; });
  config = tiny();
  config.encoder = "alexnet";
  expect_error(ErrorKind::usage, {"alexnet", "vgg16_bn"}, [&] { DensityNet{config}; });
  config = tiny();
  config.decoder.block2 = {};
  expect_error(ErrorKind::usage, {"model.decoder.block2"}, [&] { DensityNet{config}; });
}

TEST(DensityNet, FrozenEncoderNormLeavesItsStatistics) {
  DensityNet net(tiny());
  initialise(net, 1);
  net.train(true, /*freeze_encoder_norm=*/true);
  net.forward(at::rand({2, 3, 32, 32}));
  for (const NamedTensor& named : net.tensors()) {
    if (!named.name.ends_with("running_mean")) continue;
    EXPECT_EQ(named.tensor->abs().max().item<float>(), 0.0F) << named.name;
  }
}

std::map<std::string, at::Tensor> initial(const ModelConfig& config) {
  DensityNet net(config);
  initialise(net, 5);
  std::map<std::string, at::Tensor> tensors;
  for (const NamedTensor& named : net.tensors()) tensors[named.name] = *named.tensor;
  return tensors;
}

TEST(Initialise, AnotherPartLeavesTheOthersAsTheyWere) {
  ModelConfig larger = tiny();
  larger.gates[0].trunk = {{3, 256}, {3, 64}};
  const auto before = initial(tiny()), after = initial(larger);
  for (const auto& [name, tensor] : before) {
    if (name.starts_with("gate1")) continue;
    EXPECT_TRUE(at::equal(tensor, after.at(name))) << name;
  }
}

TEST(Initialise, DrawsTheDeviationsItPromises) {
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.25;
  auto tensors = initial(config);
  EXPECT_NEAR(tensors.at("decoder.block3.0.weight").std().item<double>(), 0.01, 2e-4);
  EXPECT_EQ(tensors.at("head1.1.bias").item<float>(), 0.0F);
  config.init = "kaiming";
  tensors = initial(config);
  EXPECT_NEAR(tensors.at("decoder.block3.0.weight").std().item<double>(), std::sqrt(2.0 / (256 * 9)), 1e-3);
  EXPECT_GT(tensors.at("head1.1.bias").item<float>(), 0.0F);
}

}  // namespace
}  // namespace throng
