#include "loss/criterion.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <map>

#include "expect_error.h"

namespace throng {
namespace {

const Hierarchy& moe() {
  static const Hierarchy hierarchy(3, {{{1, 2, 3}}});
  return hierarchy;
}

Prediction some_prediction() {
  Prediction prediction;
  for (const char* name : {"expert1", "expert2", "expert3"})
    prediction.outputs.push_back({name, 0, at::rand({2, 1, 8, 8})});
  prediction.outputs.push_back({"final", 1, at::rand({2, 1, 8, 8})});
  prediction.attention = at::rand({2, 1, 2, 2}) * 0.8 + 0.1;
  prediction.gate_weights.push_back(at::softmax(at::rand({2, 3, 2, 2}), 1));
  return prediction;
}

Target some_target() {
  const at::Tensor people = at::rand({2, 8, 8}) * 0.1;
  return make_target(people, people.square() / 14, at::rand({2, 8, 8}), 100.0);
}

std::map<std::string, double> terms(const LossConfig& config, const Prediction& prediction, const Target& target) {
  std::map<std::string, double> all;
  const LossReport report = Criterion(config, moe(), 32)(prediction, target);
  for (const auto& [name, value] : report.terms) all[name] = value.item<double>();
  all["total"] = report.total.item<double>();
  return all;
}

TEST(Criterion, TotalIsTheSumOfItsNamedTerms) {
  const auto all = terms({}, some_prediction(), some_target());
  double sum = 0;
  for (const auto& [name, value] : all) sum += name == "total" ? 0 : value;
  EXPECT_EQ(all.size(), 4 + 4 + 2 + 1U);
  EXPECT_NEAR(all.at("total"), sum, 1e-4 * sum);
}

// 32 x 32 pixels: the released sums are 1024 times the paper's means, and the final output weighs 2.
TEST(Criterion, ConventionsDifferByPixelsAndLevels) {
  const Prediction prediction = some_prediction();
  const Target target = some_target();
  LossConfig released;
  released.convention = "released";
  const auto paper = terms({}, prediction, target), sums = terms(released, prediction, target);
  EXPECT_NEAR(sums.at("density.expert1") / paper.at("density.expert1"), 1024, 0.1);
  EXPECT_NEAR(sums.at("density.final") / paper.at("density.final"), 2048, 0.2);
  EXPECT_NEAR(sums.at("attention") / paper.at("attention"), 1024, 0.1);
  EXPECT_NEAR(sums.at("importance"), paper.at("importance"), 1e-6);
}

TEST(Criterion, OverridesWinOverTheConvention) {
  const Prediction prediction = some_prediction();
  const Target target = some_target();
  LossConfig mixed;
  mixed.scaling = "sum";
  mixed.relative = 0;
  const auto paper = terms({}, prediction, target), own = terms(mixed, prediction, target);
  EXPECT_NEAR(own.at("density.final") / paper.at("density.final"), 1024, 0.1);
  EXPECT_FALSE(own.contains("relative.final"));
}

TEST(Criterion, BatchOfTwoIsTheMeanOfItsSamples) {
  const Prediction both = some_prediction();
  const Target target = some_target();
  const auto pick = [](const at::Tensor& tensor, int b) { return tensor.narrow(0, b, 1); };
  double sum = 0;
  for (int b = 0; b < 2; ++b) {
    Prediction one;
    for (const DensityOutput& output : both.outputs)
      one.outputs.push_back({output.name, output.level, pick(output.map, b)});
    one.attention = pick(both.attention, b);
    one.gate_weights.push_back(pick(both.gate_weights.front(), b));
    const auto all = terms({}, one, {pick(target.mean, b), pick(target.spread, b), pick(target.foreground, b)});
    sum += all.at("total") - all.at("importance");  // importance looks at the whole batch
  }
  const auto all = terms({}, both, target);
  EXPECT_NEAR(all.at("total") - all.at("importance"), sum / 2, 1e-4 * sum);
}

TEST(Criterion, RefusesRegionsThatAreNotWholeCells) {
  expect_error(ErrorKind::usage, {"crop of 144", "multiple of 32"}, [] { Criterion({}, moe(), 144); });
}

TEST(Criterion, RefusesToCompareMoreRegionsThanThereAre) {
  LossConfig config;
  config.relative_divisions = 4;
  config.relative_regions = 16;
  EXPECT_NO_THROW(Criterion(config, moe(), 64));
  config.relative_regions = 17;
  expect_error(ErrorKind::usage, {"loss.relative_regions is 17", "relative_divisions = 4", "16 local regions"},
               [&] { Criterion(config, moe(), 64); });
  config.relative_choice = "matryoshka";  // nested patches are no regions of the grid
  EXPECT_NO_THROW(Criterion(config, moe(), 64));
  config.relative_choice = "hard";
  config.relative = 0;
  EXPECT_NO_THROW(Criterion(config, moe(), 64));
}

}  // namespace
}  // namespace throng
