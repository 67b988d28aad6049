#include "infer/row_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "model/density_net.h"
#include "model/networks/network.h"

namespace throng {

namespace {

struct Recorded {
  std::unique_ptr<DensityNet> net;
  FeatureGraph graph;
  std::vector<int> outputs;
};

Recorded recorded(const std::string& encoder) {
  ModelConfig config;
  config.encoder = encoder;
  config.width = 0.05;
  Recorded result{std::make_unique<DensityNet>(config), {}, {}};
  const FeatureRecording recording;
  const NetworkMaps maps = result.net->maps(recording.image());
  result.graph = recording.graph();
  for (const at::Tensor& map : maps.experts) result.outputs.push_back(recording.node_of(map));
  result.outputs.push_back(recording.node_of(maps.attention));
  for (const at::Tensor& map : maps.logits) result.outputs.push_back(recording.node_of(map));
  return result;
}

// Follows a plan with nothing but numbers of rows: what each step needs must be there and not be forgotten yet.
void expect_sound(const Recorded& net, const RowPlan& plan) {
  const std::size_t nodes = net.graph.nodes.size();
  std::vector<int> kept_from(nodes), made(nodes);
  for (std::size_t node = 0; node < nodes; ++node) kept_from[node] = -plan.margins[node];
  for (const RowStep& step : plan.steps) {
    const auto node = static_cast<std::size_t>(step.node);
    ASSERT_EQ(step.first, made[node]);
    ASSERT_GT(step.count, 0);
    for (std::size_t i = 0; i < net.graph.nodes[node].inputs.size(); ++i) {
      const auto input = static_cast<std::size_t>(net.graph.nodes[node].inputs[i]);
      const RowRange needed = rows_needed(net.graph, plan.sizes, step.node, i, {step.first, step.first + step.count});
      const int end = made[input] + (made[input] == plan.sizes[input].height ? plan.margins[input] : 0);
      ASSERT_GE(needed.first, kept_from[input]) << "node " << step.node;
      ASSERT_LE(needed.last, end) << "node " << step.node;
    }
    kept_from[node] = std::max(kept_from[node], step.keep_from);
    made[node] += step.count;
    const int margin = made[node] == plan.sizes[node].height ? plan.margins[node] : 0;
    ASSERT_LE(made[node] + margin - kept_from[node], plan.capacities[node]) << "node " << step.node;
  }
  for (std::size_t node = 0; node < nodes; ++node) EXPECT_EQ(made[node], plan.sizes[node].height) << "node " << node;
}

TEST(RowPlan, EachStepFindsItsRowsThere) {
  for (const char* encoder : {"vgg16_bn", "resnet50"}) {
    const Recorded net = recorded(encoder);
    for (const GridSize size : {GridSize{97, 131}, GridSize{16, 16}, GridSize{1000, 37}, GridSize{33, 500}}) {
      for (const std::int64_t pixels : {1, 1000, 100000}) {
        SCOPED_TRACE(std::string(encoder) + " " + std::to_string(size.height) + " x " + std::to_string(size.width) +
                     ", " + std::to_string(pixels));
        expect_sound(net, plan_rows(net.graph, net.outputs, size, {.pixels = pixels}));
      }
    }
  }
}

TEST(RowPlan, HoldsNoMoreRowsOfATallerPicture) {
  const Recorded net = recorded("vgg16_bn");
  const RowPlan low = plan_rows(net.graph, net.outputs, {2048, 256}, {.pixels = 1});
  const RowPlan high = plan_rows(net.graph, net.outputs, {8192, 256}, {.pixels = 1});
  std::vector<std::int64_t> low_bytes, high_bytes;
  for (std::size_t node = 0; node < net.graph.nodes.size(); ++node) {
    const bool output = std::ranges::count(net.outputs, static_cast<int>(node)) > 0;
    EXPECT_EQ(high.capacities[node], output ? 4 * low.capacities[node] : low.capacities[node]) << "node " << node;
    const std::int64_t row = output ? 0 : net.graph.nodes[node].channels * high.sizes[node].width;
    low_bytes.push_back(row * low.capacities[node]);
    high_bytes.push_back(row * high.capacities[node]);
  }
  EXPECT_EQ(peak_bytes(high, high_bytes), peak_bytes(low, low_bytes));
}

// A 3x3 convolution at the top of 32 rows: by hand.
TEST(RowPlan, NeedsARowMoreOnEachSideOfAConvolution) {
  const Recorded net = recorded("vgg16_bn");
  const RowPlan plan = plan_rows(net.graph, net.outputs, {32, 32}, {.pixels = 1});
  const RowRange needed = rows_needed(net.graph, plan.sizes, 1, 0, {0, 4});
  EXPECT_EQ(needed.first, -1);
  EXPECT_EQ(needed.last, 5);
  EXPECT_EQ(plan.margins[0], 1);
}

TEST(RowPlan, RefusesPicturesThatVanish) {
  const Recorded net = recorded("vgg16_bn");
  expect_error(ErrorKind::usage, {}, [&] { plan_rows(net.graph, net.outputs, {8, 8}, {}); });
}

}  // namespace

}  // namespace throng
