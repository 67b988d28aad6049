// A network's forward pass by how much is computed at once (infer/row_plan.h), part of micro_bench.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <benchmark/benchmark.h>

#include <cstdint>

#include "infer/predict.h"
#include "infer/prepare.h"
#include "synth/scene.h"

namespace {

using namespace throng;

// The compact network with random weights, which cost as much as trained ones.
LoadedModel compact_model() {
  ModelCard card;
  card.model.encoder = "resnet50";
  card.model.decoder.block3 = {256, 128};
  card.model.decoder.block2 = {128, 96};
  card.model.decoder.block1 = {64, 64};
  card.model.decoder.head = 32;
  card.model.attention = {{3, 64}};
  card.model.gates[0].trunk = {{3, 64}};
  card.model.gates[1].trunk = {{3, 64}, {3, 64}};
  card.model.resize = "half_pixel";
  DensityNet net(card.model);
  initialise(net, 1);
  return {std::move(net), std::move(card)};
}

const Image& picture(std::int64_t width) {
  static const Image small = *render_scene({.people = 200, .width = 1024, .height = 768, .seed = 7}).image;
  static const Image large = *render_scene({.people = 200, .width = 3072, .height = 768, .seed = 7}).image;
  return width > 1024 ? large : small;
}

void forward(benchmark::State& state) {
  static const PreparedNet net = prepare(compact_model().net, Precision::fp32);
  const Image& image = picture(state.range(0));
  const RowBudget budget{.pixels = state.range(1)};
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(net.forward(image, Normalisation{}, budget));
  const double mib = static_cast<double>(net.memory(image.width, image.height, budget)) / (1 << 20);
  state.counters["MiB"] = mib;
  state.counters["s/megapixel"] =
      benchmark::Counter(static_cast<double>(image.width) * image.height * 1e-6,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace

BENCHMARK(forward)
    ->ArgNames({"width", "pixels"})
    ->ArgsProduct({{1024, 3072}, {256, 2048, 8192, 1 << 20}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
