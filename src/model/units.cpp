#include "model/units.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <array>

#include "model/features.h"

namespace throng {

namespace {

constexpr std::array<std::int64_t, 4> kScales = {1, 3, 5, 7};

}  // namespace

at::Tensor ResidualUnit::forward(const at::Tensor& input) const {
  at::Tensor x = input;
  for (std::size_t i = 0; i + 1 < convs.size(); ++i) x = convs[i].forward(x);
  return convs.back().forward(x, run_chain(shortcut, input));
}

void ResidualUnit::visit(const std::string& name, const BlockVisitor& visit) {
  for (std::size_t i = 0; i < convs.size(); ++i) visit(name + ".conv" + std::to_string(i + 1), convs[i]);
  if (!shortcut.empty()) visit(name + ".downsample", shortcut.front());
}

ResidualUnit make_residual_unit(std::int64_t in, std::int64_t out, std::int64_t kernel) {
  ResidualUnit unit;
  unit.convs.emplace_back(ConvSpec{.in = in, .out = out, .kernel = kernel});
  unit.convs.emplace_back(ConvSpec{.in = out, .out = out, .kernel = kernel});
  if (in != out)
    unit.shortcut.emplace_back(ConvSpec{.in = in, .out = out, .kernel = 1, .activation = Activation::none});
  return unit;
}

at::Tensor MultiScaleUnit::forward(const at::Tensor& input) const {
  std::vector<at::Tensor> parts = {branches.front().forward(input)};
  for (std::size_t i = 0; i < reductions.size(); ++i) {
    parts.push_back(branches[i + 1].forward(reductions[i].forward(input)));
  }
  return concat(parts);
}

void MultiScaleUnit::visit(const std::string& name, const BlockVisitor& visit) {
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const std::string width = std::to_string(kScales[i]);
    if (i > 0) visit(name + ".reduce" + width, reductions[i - 1]);
    visit(name + ".branch" + width, branches[i]);
  }
}

MultiScaleUnit make_multi_scale_unit(std::int64_t in, std::int64_t out) {
  MultiScaleUnit unit;
  const auto branches = static_cast<std::int64_t>(kScales.size());
  const std::int64_t share = std::max<std::int64_t>(1, out / branches);
  const std::int64_t first = std::max<std::int64_t>(1, out - share * (branches - 1));
  const std::int64_t reduced = std::max<std::int64_t>(1, in / 2);
  for (std::size_t i = 0; i < kScales.size(); ++i) {
    if (i > 0) unit.reductions.emplace_back(ConvSpec{.in = in, .out = reduced, .kernel = 1});
    unit.branches.emplace_back(
        ConvSpec{.in = i > 0 ? reduced : in, .out = i > 0 ? share : first, .kernel = kScales[i]});
  }
  return unit;
}

}  // namespace throng
