#include <gtest/gtest.h>

#include <ATen/core/grad_mode.h>

#include "golden/golden_network.h"
#include "loss/terms.h"
#include "model/resize.h"

namespace throng {
namespace {

// "64x96" -> {64, 96}
std::pair<std::int64_t, std::int64_t> parse_size(const std::string& words) {
  const std::size_t x = words.find('x');
  return {std::stoll(words.substr(0, x)), std::stoll(words.substr(x + 1))};
}

TEST(ReleasedNetwork, GoldenMapsSumsAndAttention) {
  const at::NoGradGuard no_gradients;
  const auto files = golden::files("hmode_released_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("hmode_released_seed");
  int used = 0;
  for (const golden::File& file : files) {
    const auto seed = file.numbers().at("seed").get<std::uint64_t>();
    DensityNet net{ModelConfig{}};
    golden::fill(net, seed);
    for (const auto& golden_case : file.numbers().at("cases")) {
      const std::string size = golden_case.at("size");
      SCOPED_TRACE(file.name() + " " + size);
      const auto [height, width] = parse_size(size);
      const Prediction prediction = net.forward(2 * golden::uniform("input" + size, seed, {1, 3, height, width}));
      ASSERT_EQ(prediction.outputs.size(), 7U);
      for (const DensityOutput& output : prediction.outputs) {
        SCOPED_TRACE(output.name);
        const at::Tensor full = resize_nearest(output.map, height, width)[0][0];
        EXPECT_LE(golden::relative_difference(full, golden::as_tensor(file.tensor("eval." + size + "." + output.name))),
                  1e-4);
        // The sum from the 1/4 grid alone, without the full-size map.
        const auto rows = at::tensor(nearest_repeats(output.map.size(2), height, height)).to(at::kDouble);
        const auto columns = at::tensor(nearest_repeats(output.map.size(3), width, width)).to(at::kDouble);
        const double sum = rows.dot(output.map[0][0].to(at::kDouble).mv(columns)).item<double>();
        const double expected = golden_case.at("sums").at(output.name).get<double>();
        EXPECT_NEAR(sum, expected, 1e-4 * std::abs(expected));
      }
      const at::Tensor attention = golden::as_tensor(file.tensor("eval." + size + ".attention"));
      EXPECT_LE(golden::relative_difference(prediction.attention[0][0], attention), 1e-4);
      const auto& groups = net.hierarchy().levels().front();
      const at::Tensor weights = resize_nearest(prediction.gate_weights.front(), prediction.final_map().size(2),
                                                prediction.final_map().size(3));
      const double importance = golden_case.at("importance").get<double>();
      EXPECT_NEAR(importance_loss(weights, groups).item<double>(), importance, 1e-4 * importance);
    }
    ++used;
  }
  std::cout << used << " golden files used\n";
}

TEST(ReleasedNetwork, HasThePublishedNumberOfParameters) {
  DensityNet net{ModelConfig{}};
  std::int64_t all = 0, second_gate = 0;
  for (const NamedTensor& named : net.tensors()) {
    if (!named.trained) continue;
    all += named.tensor->numel();
    if (named.name.starts_with("gate2")) second_gate += named.tensor->numel();
  }
  EXPECT_NEAR(static_cast<double>(all) / 1e6, 82.62, 0.01);
  EXPECT_NEAR(static_cast<double>(second_gate) / 1e6, 48.37, 0.01);
}

}  // namespace
}  // namespace throng
