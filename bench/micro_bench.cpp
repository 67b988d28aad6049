// How fast single parts of Throng are, by Google Benchmark: 3x3 convolutions, density maps, decoders, the loader; and
// in micro_bench_network.cpp a forward pass in steps of different sizes.
//   micro_bench [--benchmark_filter=REGEX] [--benchmark_min_time=SECONDS] [--benchmark_out=FILE]
// Everything runs in one thread, but for the loader's workers. The picture is rendered, and has known heads.
#include <benchmark/benchmark.h>
#include <webp/encode.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/draw.h"
#include "data/density.h"
#include "data/loader.h"
#include "image/codec.h"
#include "kernels/winograd.h"
#include "synth/scene.h"
#include "throng/image.h"

namespace {

using namespace throng;

constexpr int kWidth = 1024, kHeight = 768;

const LabelledImage& scene() {
  static const LabelledImage rendered = render_scene({.people = 300, .width = kWidth, .height = kHeight, .seed = 7});
  return rendered;
}

// --- Convolutions ---

std::vector<float> numbers(std::size_t count) {
  std::vector<float> values(count);
  const Draw draw(1, "numbers");
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(draw.uniform(i)) - 0.5F;
  return values;
}

// Height and width of the maps, channels in and out: layers of the compact model at 768x1024, then of the released one
// at 576x864.
void layers(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"height", "width", "in", "out"})->Unit(benchmark::kMillisecond);
  for (const std::vector<std::int64_t>& layer : std::vector<std::vector<std::int64_t>>{{192, 256, 64, 64},
                                                                                       {96, 128, 128, 128},
                                                                                       {48, 64, 256, 256},
                                                                                       {576, 864, 64, 64},
                                                                                       {144, 216, 256, 256},
                                                                                       {36, 54, 512, 512}}) {
    benchmark->Args(layer);
  }
}

void winograd(benchmark::State& state, KernelType type) {
  if (!WinogradConvolution::supported()) {
    state.SkipWithError("this processor has no AVX-512");
    return;
  }
  const int height = static_cast<int>(state.range(0)), width = static_cast<int>(state.range(1));
  const int in = static_cast<int>(state.range(2)), out = static_cast<int>(state.range(3));
  const auto pixels = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  const std::vector<float> weights = numbers(std::size_t{9} * static_cast<std::size_t>(in * out));
  const std::vector<float> bias = numbers(static_cast<std::size_t>(out));
  const WinogradConvolution convolution(weights.data(), bias.data(), in, out, true, WinogradTile::f4x4, type);
  // Read as bf16, every second half of 0.5 is 0.5 and the others are 0.
  const std::size_t values = pixels * static_cast<std::size_t>(in);
  const std::vector<float> input = type == KernelType::f32 ? numbers(values) : std::vector<float>(values, 0.5F);
  std::vector<float> output(pixels * static_cast<std::size_t>(out));
  const std::int64_t row_in = std::int64_t{width} * in, row_out = std::int64_t{width} * out;
  const WinogradSource source{input.data(), in, in, row_in, row_in * height};
  const WinogradTarget target{output.data(), nullptr, out, row_out, row_out * height};
  const ParallelFor alone = [](std::int64_t count, const auto& body) { body(0, count); };
  for (auto _ : state) {
    convolution.run({&source, 1}, target, {1, height, width, 0, 0}, alone);
    benchmark::ClobberMemory();
  }
  // Those of a direct convolution.
  const double operations = 2.0 * 9 * static_cast<double>(pixels) * in * out;
  state.counters["FLOP/s"] =
      benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
}
BENCHMARK_CAPTURE(winograd, f32, KernelType::f32)->Apply(layers);
BENCHMARK_CAPTURE(winograd, bf16, KernelType::bf16)->Apply(layers);

// --- Density maps ---

std::vector<Point> heads(std::int64_t count) {
  std::vector<Point> points(static_cast<std::size_t>(count));
  const Draw draw(1, "heads");
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i] = {.x = draw.uniform(2 * i) * kWidth, .y = draw.uniform(2 * i + 1) * kHeight};
  }
  return points;
}

void density(benchmark::State& state, const char* kernel) {
  const std::vector<Point> points = heads(state.range(0));
  const DensityConfig config{.kernel = kernel};
  for (auto _ : state) benchmark::DoNotOptimize(density_map(points, kWidth, kHeight, config));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(density, replaced, "replaced")->ArgName("heads")->Arg(100)->Arg(3000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(density, clipped, "clipped")->ArgName("heads")->Arg(3000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(density, adaptive, "adaptive")->ArgName("heads")->Arg(3000)->Unit(benchmark::kMillisecond);

// What training asks for: the map of a crop.
void density_of_crop(benchmark::State& state) {
  const std::vector<Point> points = heads(state.range(0));
  const Window crop{.x = 400, .y = 300, .width = 128, .height = 128};
  for (auto _ : state) benchmark::DoNotOptimize(density_map(points, kWidth, kHeight, crop));
}
BENCHMARK(density_of_crop)->ArgName("heads")->Arg(100)->Arg(3000)->Unit(benchmark::kMicrosecond);

// --- Decoders ---

std::vector<std::uint8_t> encode_webp(const Image& image) {
  constexpr float kQuality = 90;
  std::uint8_t* bytes = nullptr;
  const std::size_t size =
      WebPEncodeRGB(image.rgb.data(), image.width, image.height, 3 * image.width, kQuality, &bytes);
  std::vector<std::uint8_t> encoded(bytes, bytes + size);
  WebPFree(bytes);
  return encoded;
}

using Encoder = std::vector<std::uint8_t> (*)(const Image&);

void decode(benchmark::State& state, Encoder encode) {
  const std::vector<std::uint8_t> bytes = encode(*scene().image);
  for (auto _ : state) benchmark::DoNotOptimize(decode_image(bytes, "the scene"));
  state.SetItemsProcessed(state.iterations() * kWidth * kHeight);  // pixels
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK_CAPTURE(decode, jpeg, [](const Image& image) { return encode_jpeg(image); })->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, png, encode_png)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, webp, encode_webp)->Unit(benchmark::kMillisecond);

// --- The loader ---

/// The scene again and again, so that what is measured is cropping and the truth's maps.
class SameScene final : public SampleSource {
 public:
  std::int64_t size() const override { return 64; }
  LabelledImage load(std::int64_t) const override { return scene(); }
};

// An epoch of 8 batches of 8 crops of 128x128 pixels, with the flips and scales that training may ask for.
void loader(benchmark::State& state) {
  constexpr std::int64_t kBatch = 8;
  const auto source = std::make_shared<SameScene>();
  Loader loader(source, {.scale_low = 0.8, .scale_high = 1.25}, {},
                {.batch = kBatch, .workers = static_cast<int>(state.range(0))});
  std::int64_t crops = 0;
  for (auto _ : state) {
    loader.start(0);
    while (const std::optional<Batch> batch = loader.next()) crops += batch->batch;
  }
  state.SetItemsProcessed(crops);
}
BENCHMARK(loader)->ArgName("workers")->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
