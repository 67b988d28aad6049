#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "expect_error.h"
#include "model/density_net.h"

namespace throng {
namespace {

ModelConfig tiny() {
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.03;
  config.init = "kaiming";
  return config;
}

Prediction predict(const ModelConfig& config, int height = 64, int width = 80) {
  const at::NoGradGuard no_gradients;
  DensityNet net(config);
  initialise(net, 2);
  return net.forward(at::rand({1, 3, height, width}));
}

std::vector<std::string> names(const Prediction& prediction) {
  std::vector<std::string> all;
  for (const DensityOutput& output : prediction.outputs) all.push_back(output.name);
  return all;
}

TEST(Hmode, FourExpertsComeFromOneMoreBlock) {
  ModelConfig config = tiny();
  config.decoder.block4 = {64, 32};
  config.levels = {{{1, 2, 3}, {1, 2, 4}, {1, 3, 4}, {2, 3, 4}}, {{1, 2, 3, 4}}};
  const Prediction prediction = predict(config);
  EXPECT_EQ(prediction.outputs.size(), 4 + 4 + 1U);
  EXPECT_EQ(prediction.final_map().sizes(), (at::IntArrayRef{1, 1, 16, 20}));
}

TEST(Hmode, FiveExpertsWorkOnTheSmallestPicture) {
  ModelConfig config = tiny();
  config.decoder.block4 = config.decoder.block5 = {32};
  config.levels = {{{1, 2, 3, 4, 5}}};
  config.gates = {GateConfig{}};
  EXPECT_EQ(predict(config, 16, 16).outputs.size(), 6U);
}

TEST(Hmode, ThreeLevelsNameTheirGroups) {
  ModelConfig config = tiny();
  config.levels = {{{1, 2}, {1, 3}, {2, 3}}, {{1, 2}, {1, 3}, {2, 3}}, {{1, 2, 3}}};
  config.gates = {GateConfig{}, GateConfig{}, GateConfig{}};
  const Prediction prediction = predict(config);
  EXPECT_EQ(names(prediction),
            (std::vector<std::string>{"expert1", "expert2", "expert3", "group12", "group13", "group23",
                                      "level2_group12", "level2_group13", "level2_group23", "final"}));
  EXPECT_EQ(prediction.outputs.back().level, 3);
}

TEST(Hmode, MixedFeaturesLeaveNoExpertMaps) {
  ModelConfig config = tiny();
  config.gates[0].weighting = config.gates[1].weighting = "channel";
  EXPECT_EQ(names(predict(config)), (std::vector<std::string>{"group12", "group13", "group23", "final"}));
  config.levels = {{{1, 2, 3}}};
  config.gates = {GateConfig{.weighting = "concat"}};
  EXPECT_EQ(names(predict(config)), (std::vector<std::string>{"final"}));
}

TEST(Hmode, ClosingLevelOfOneNamesTheMapBeforeIt) {
  ModelConfig config = tiny();
  config.levels = {{{1, 2, 3}}, {{1}}};
  config.gates = {GateConfig{}, GateConfig{}};
  EXPECT_EQ(names(predict(config)), (std::vector<std::string>{"expert1", "expert2", "expert3", "final"}));
}

TEST(Hmode, EveryGateInputAndWeightingPredicts) {
  for (const char* input : {"EB1", "EB2", "EB3", "DB3", "DB2", "DB1"}) {
    for (const char* weighting : {"pixel", "hard", "image", "average"}) {
      SCOPED_TRACE(std::string(input) + " " + weighting);
      ModelConfig config = tiny();
      config.gates[0].input = input;
      config.gates[0].weighting = weighting;
      EXPECT_EQ(predict(config, 33, 47).outputs.size(), 7U);
    }
  }
}

TEST(Hmode, SecondHeadGivesALocalMapBesideEveryOutput) {
  ModelConfig config = tiny();
  config.local_head = true;
  for (const DensityOutput& output : predict(config).outputs) EXPECT_EQ(output.local.sizes(), output.map.sizes());
}

TEST(Hmode, ImpossibleConfigsSayWhy) {
  ModelConfig config = tiny();
  config.gates[0].input = "DB4";
  expect_error(ErrorKind::usage, {"DB4", "block4"}, [&] { DensityNet net(config); });
  config = tiny();
  config.decoder.block5 = {8};
  expect_error(ErrorKind::usage, {"block5", "block4"}, [&] { DensityNet net(config); });
  config = tiny();
  config.gates[1].weighting = "channel";
  expect_error(ErrorKind::usage, {"level 2", "channel"}, [&] { DensityNet net(config); });
}

}  // namespace
}  // namespace throng
