#include "infer/layers/convolutions.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "infer/onednn.h"

namespace throng {

namespace {

struct ConvCase {
  const char* name;
  ConvSpec spec;
  bool residual = false;
};

const ConvCase kCases[] = {
    {"stem", {.in = 3, .out = 8, .kernel = 7, .stride = 2}},
    {"usual", {.in = 24, .out = 40, .kernel = 3}},
    {"residual", {.in = 24, .out = 40, .kernel = 3}, true},
    {"residual without ReLU", {.in = 16, .out = 16, .kernel = 1, .activation = Activation::none}, true},
    {"strided", {.in = 16, .out = 24, .kernel = 3, .stride = 2}},
    {"dilated", {.in = 16, .out = 24, .kernel = 3, .dilation = 2}},
    {"without bias", {.in = 16, .out = 16, .kernel = 3, .bias = false, .activation = Activation::none}},
    {"one channel", {.in = 24, .out = 1, .kernel = 1}},
};

// Rows 4 to 8 of what the block gives of a map of 12 rows, with exactly the rows that they need.
void expect_rows_of_the_block(const ConvCase& test, at::ScalarType type, double tolerance,
                              std::unique_ptr<Layer> (*make)(const ConvBlock&, const EdgeTypes&)) {
  SCOPED_TRACE(test.name);
  const at::NoGradGuard no_gradients;
  at::manual_seed(3);
  ConvBlock block(test.spec);
  block.weight = at::randn(block.weight.sizes()) * 0.2;
  if (block.bias.defined()) block.bias = at::randn(block.bias.sizes());
  const auto channels_last = [&](at::Tensor values) {
    return values.to(type).contiguous(at::MemoryFormat::ChannelsLast);
  };
  const at::Tensor input = channels_last(at::randn({1, test.spec.in, 24, 11}));
  const at::Tensor whole = block.forward(input.to(at::kFloat));
  const at::Tensor shortcut = test.residual ? channels_last(at::randn(whole.sizes())) : at::Tensor();
  const at::Tensor expected =
      block.forward(input.to(at::kFloat), test.residual ? shortcut.to(at::kFloat) : shortcut).narrow(2, 4, 4);

  const std::int64_t first = 4 * test.spec.stride - block.spec().padding;
  const std::int64_t needed = 3 * test.spec.stride + test.spec.dilation * (test.spec.kernel - 1) + 1;
  const auto rows = [&](const at::Tensor& map, std::int64_t from, std::int64_t count) {
    return MapRows{map.narrow(2, from, count).contiguous(at::MemoryFormat::ChannelsLast), static_cast<int>(from),
                   static_cast<int>(map.size(2))};
  };
  std::vector<MapRows> inputs = {rows(input, first, needed)};
  if (test.residual) inputs.push_back(rows(shortcut, 4, 4));
  const MapRows output = rows(channels_last(at::full(whole.sizes(), 77)), 4, 4);
  make(block, {type, type, type, 1})->run(inputs, output);
  const at::Tensor difference = output.values.to(at::kFloat) - expected;
  EXPECT_LE(difference.abs().max().item<double>(), tolerance * expected.abs().max().item<double>());
}

TEST(PlainConvolutionLayer, ComputesRowsOfTheBlock) {
  for (const ConvCase& test : kCases) expect_rows_of_the_block(test, at::kFloat, 1e-5, make_plain_convolution_layer);
}

TEST(OneDnnConvolutionLayer, ComputesRowsOfTheBlock) {
  if (!why_no_packed_convolution().empty()) GTEST_SKIP() << why_no_packed_convolution();
  for (const ConvCase& test : kCases) expect_rows_of_the_block(test, at::kFloat, 1e-5, make_onednn_convolution_layer);
}

// Whichever is chosen: Winograd's where it fits.
TEST(ConvolutionLayer, ComputesRowsOfTheBlock) {
  for (const ConvCase& test : kCases) {
    expect_rows_of_the_block(test, at::kFloat, 1e-5, make_convolution);
    if (onednn_supports_bf16()) expect_rows_of_the_block(test, at::kBFloat16, 0.01, make_convolution);
  }
}

TEST(PackedBySize, PacksOncePerSizeAndForgetsTheOldest) {
  PackedBySize packed;
  int packs = 0;
  const auto get = [&](std::int64_t height) {
    const std::vector<std::int64_t> size = {1, 8, height, 9};
    return packed.get(size, [&] { return at::full({1}, static_cast<double>(++packs)); }).item<double>();
  };
  EXPECT_EQ(get(1), 1);
  EXPECT_EQ(get(1), 1);
  for (const int height : {2, 3, 4, 5, 6}) get(height);
  EXPECT_EQ(get(1), 1) << "used again, so 2 is the oldest";
  get(7);
  EXPECT_EQ(get(1), 1);
  EXPECT_EQ(get(2), 8);
}

}  // namespace

}  // namespace throng
