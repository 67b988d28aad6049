#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <functional>
#include <iostream>
#include <vector>

#include "golden/golden_files.h"
#include "loss/terms.h"

namespace throng {
namespace {

using Json = nlohmann::json;

at::Tensor doubles(const Json& numbers) { return at::tensor(numbers.get<std::vector<double>>(), at::kDouble); }

// A crop of 64 x 96 pixels: its map in people per pixel, on the 1/4 grid, and its heads.
struct Crop {
  at::Tensor people;  // [8, 12] per 8 x 8 pixels
  Target target;

  explicit Crop(const Json& losses) : people(doubles(losses.at("people")).view({8, 12}).requires_grad_(true)) {
    std::vector<at::Tensor> rows;
    for (const Json& point : losses.at("points")) rows.push_back(doubles(point));
    // Of the truth's own map these terms look at the sum alone.
    const at::Tensor flat = at::full({1, 16, 24}, static_cast<double>(rows.size()) / (16 * 24), at::kDouble);
    target = make_target(flat, flat, flat, 1.0);
    target.points = {at::stack(rows)};
  }
  at::Tensor map() const {
    return (people / 64).repeat_interleave(2, 0).repeat_interleave(2, 1).unsqueeze(0).unsqueeze(0);
  }
};

// Value and gradient in the people of each cell.
void agree(const Json& losses, const Json& expected,
           const std::function<at::Tensor(const at::Tensor&, const Target&)>& term) {
  const Crop crop(losses);
  const at::Tensor loss = term(crop.map(), crop.target);
  loss.backward();
  const double value = expected.at("loss").get<double>();
  EXPECT_NEAR(loss.item<double>(), value, 1e-5 * value);
  const at::Tensor gradient = doubles(expected.at("gradient"));
  const double largest = gradient.abs().max().item<double>();
  EXPECT_LE((crop.people.grad().flatten() - gradient).abs().max().item<double>(), 1e-4 * largest);
}

TEST(Table10Losses, GoldenDmCount) {
  const auto files = golden::files("table10_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("table10_seed");
  for (const golden::File& file : files) {
    SCOPED_TRACE(file.name());
    const Json& losses = file.numbers().at("losses");
    for (const Json& expected : losses.at("transport")) {
      const TransportOptions options{expected.at("regularisation").get<double>(), 20000};
      agree(losses, expected,
            [&](const at::Tensor& map, const Target& target) { return transport_loss(map, target, options); });
    }
    agree(losses, losses.at("variation"), variation_loss);
    const Crop crop(losses);
    EXPECT_NEAR(count_loss(crop.map(), crop.target).item<double>(), losses.at("count").get<double>(), 1e-9);
  }
  std::cout << files.size() << " golden files used\n";
}

}  // namespace
}  // namespace throng
