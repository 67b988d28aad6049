#include <gtest/gtest.h>

#include <ATen/core/grad_mode.h>

#include "golden/golden_network.h"
#include "loss/criterion.h"
#include "loss/terms.h"

namespace throng {
namespace {

// Block maps of a full-resolution truth [S, S], as data/sample.h defines them.
Target target_of(const at::Tensor& truth_x100) {
  const at::Tensor people = (truth_x100 / 100.0).view({1, 1, truth_x100.size(0), truth_x100.size(1)});
  const at::Tensor foreground = (truth_x100 > 1e-3).to(at::kFloat).view_as(people);
  const auto blocks = [](const at::Tensor& map) { return at::avg_pool2d(map, 4).squeeze(1); };
  return make_target(blocks(people) * 16, blocks(people.square()) * 16, blocks(foreground), 100.0);
}

double term(const LossReport& report, const std::string& name) {
  for (const auto& [key, value] : report.terms) {
    if (key == name) return value.item<double>();
  }
  ADD_FAILURE() << "no term " << name;
  return 0;
}

void expect_close(double value, double expected, double relative) {
  EXPECT_NEAR(value, expected, relative * std::abs(expected));
}

void check_gradients(DensityNet& net, const nlohmann::json& expected) {
  for (const NamedTensor& named : net.tensors()) {
    const std::string name = golden::released_name(named.name);
    if (!expected.contains(name)) continue;
    SCOPED_TRACE(name);
    const at::Tensor gradient = named.tensor->grad().contiguous().flatten();
    expect_close(gradient.to(at::kDouble).norm().item<double>(), expected.at(name).at("l2").get<double>(), 1e-3);
    const auto first = expected.at(name).at("first").get<std::vector<double>>();
    double largest = 0;
    for (const double value : first) largest = std::max(largest, std::abs(value));
    for (std::size_t i = 0; i < first.size(); ++i) {
      EXPECT_NEAR(gradient[static_cast<std::int64_t>(i)].item<double>(), first[i], 3e-2 * largest);
    }
  }
}

TEST(ReleasedTraining, GoldenLossesAndGradients) {
  const auto files = golden::files("hmode_released_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("hmode_released_seed");
  int used = 0;
  for (const golden::File& file : files) {
    SCOPED_TRACE(file.name());
    const auto& expected = file.numbers().at("train");
    const auto seed = file.numbers().at("seed").get<std::uint64_t>();
    DensityNet net{ModelConfig{}};
    golden::fill(net, seed);
    net.train(true);
    for (const NamedTensor& named : net.tensors()) named.tensor->set_requires_grad(named.trained);

    const Prediction prediction = net.forward(2 * golden::uniform("train.input", seed, {1, 3, 128, 128}));
    LossConfig config;
    config.convention = "released";
    const Criterion criterion(config, net.hierarchy(), 128);
    const LossReport report =
        criterion(prediction, target_of(golden::as_tensor(file.tensor("train.ground_truth_x100"))));
    report.total.backward();

    const auto weights = expected.at("level_weights").get<std::vector<double>>();
    for (std::size_t i = 0; i < prediction.outputs.size(); ++i) {
      const std::string& name = prediction.outputs[i].name;
      SCOPED_TRACE(name);
      expect_close(term(report, "density." + name), weights[i] * expected.at("density")[i].get<double>(), 1e-4);
      expect_close(term(report, "relative." + name), weights[i] * expected.at("relative_released")[i].get<double>(),
                   1e-3);
    }
    expect_close(term(report, "attention"), expected.at("attention").get<double>(), 1e-4);
    expect_close(term(report, "importance"), expected.at("importance").get<double>(), 1e-4);
    expect_close(report.total.item<double>(), expected.at("total").get<double>(), 1e-4);
    check_gradients(net, expected.at("gradients"));

    const at::NoGradGuard no_gradients;
    net.visit([&](const std::string& name, ConvBlock& block) {
      if (name != "encoder.stage1.0") return;
      const auto mean = expected.at("running_mean_features1.1_first4").get<std::vector<double>>();
      for (int i = 0; i < 4; ++i) EXPECT_NEAR(block.norm->running_mean[i].item<double>(), mean[i], 1e-5);
    });
    ++used;
  }
  std::cout << used << " golden files used\n";
}

// Sums over w x w pixel regions of a full-resolution map, flattened.
at::Tensor regions(const at::Tensor& map, std::int64_t w) {
  return (at::avg_pool2d(map.view({1, 1, map.size(0), map.size(1)}), w) * static_cast<double>(w * w)).flatten();
}

TEST(RelativeOrderLoss, GoldenEquationTwo) {
  const auto files = golden::files("data_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("data_seed");
  int used = 0;
  for (const golden::File& file : files) {
    const auto tensor = [&](const char* name) {
      const golden::Tensor values = file.tensor(name);
      return at::tensor(values.values, at::kDouble).view(values.shape);
    };
    const at::Tensor predicted = tensor("rel.pred"), truth = tensor("rel.gt");
    for (const auto& golden_case : file.numbers().at("relative_eq2")) {
      SCOPED_TRACE(file.name() + " " + golden_case.dump());
      const auto w = golden_case.at("w").get<std::int64_t>();
      const RelativeOptions options{golden_case.at("S").get<std::int64_t>(),
                                    golden_case.at("sublists").get<std::int64_t>(), false};
      const double loss = relative_order_loss(regions(predicted, w), regions(truth, w),
                                              regions((predicted - truth).square(), w), options)
                              .item<double>();
      const double expected = golden_case.at("loss").get<double>();
      EXPECT_NEAR(loss, expected, 1e-6 * std::abs(expected) + 1e-12);
    }
    ++used;
  }
  std::cout << used << " golden files used\n";
}

}  // namespace
}  // namespace throng
