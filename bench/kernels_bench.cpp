// Prints how fast the Winograd convolutions are, for the 3x3 layers of a released network at 864x576 pixels and of the
// compact model: milliseconds, and the GFLOP/s that a direct convolution would need to take as long.
//   kernels_bench [threads, 1] [f32|bf16] [4|2: side of the tiles]
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "kernels/winograd.h"

namespace {

struct Layer {
  int height, width, in, out;
};

constexpr Layer layers[] = {{576, 864, 64, 64},   {288, 432, 64, 128},  {288, 432, 128, 128}, {144, 216, 128, 256},
                            {144, 216, 256, 256}, {144, 216, 512, 256}, {144, 216, 256, 128}, {72, 108, 256, 512},
                            {72, 108, 512, 512},  {72, 108, 1024, 512}, {72, 108, 512, 256},  {36, 54, 512, 512},
                            {36, 54, 512, 1024},  {36, 54, 1024, 512},  {36, 54, 1024, 2048}, {36, 54, 2048, 1024},
                            {36, 54, 512, 256},   {144, 216, 64, 64},   {72, 108, 128, 128},  {36, 54, 256, 256}};

// Threads are begun for each range of work, which costs some hundredths of a millisecond; a pool would not.
void in_parallel(int threads, std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& body) {
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t)
    others.emplace_back([&, t] { body(count * t / threads, count * (t + 1) / threads); });
  body(0, count / threads);
  for (std::thread& other : others) other.join();
}

// Numbers in [-0.5, 0.5) without pattern.
std::vector<float> numbers(std::size_t count) {
  std::vector<float> result(count);
  std::uint32_t state = 1;
  for (float& value : result) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(state >> 8) / 16777216.0F - 0.5F;
  }
  return result;
}

double milliseconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < 7; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace throng;
  const int threads = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1;
  const KernelType type = argc > 2 && std::string(argv[2]) == "bf16" ? KernelType::bf16 : KernelType::f32;
  const WinogradTile tile = argc > 3 && std::string(argv[3]) == "2" ? WinogradTile::f2x2 : WinogradTile::f4x4;
  if (!WinogradConvolution::supported()) {
    std::puts("This processor has no AVX-512: Throng uses oneDNN's convolutions on it.");
    return 0;
  }
  const ParallelFor parallel = [threads](std::int64_t count, const auto& body) { in_parallel(threads, count, body); };
  double total = 0;
  double total_work = 0;
  for (const Layer& layer : layers) {
    const std::size_t pixels = static_cast<std::size_t>(layer.height) * static_cast<std::size_t>(layer.width);
    const std::vector<float> weight =
        numbers(std::size_t{9} * static_cast<std::size_t>(layer.in) * static_cast<std::size_t>(layer.out));
    const WinogradConvolution convolution(weight.data(), nullptr, layer.in, layer.out, true, tile, type);
    // Read as bf16, the first halves of these are ordinary numbers and the second ones zeros.
    const std::vector<float> picture =
        type == KernelType::f32 ? numbers(pixels * static_cast<std::size_t>(layer.in))
                                : std::vector<float>((pixels * static_cast<std::size_t>(layer.in) + 1) / 2, 0.5F);
    std::vector<float> result(pixels * static_cast<std::size_t>(layer.out));
    const std::int64_t row_in = std::int64_t{layer.width} * layer.in;
    const std::int64_t row_out = std::int64_t{layer.width} * layer.out;
    const WinogradSource source{picture.data(), layer.in, layer.in, row_in, row_in * layer.height};
    const WinogradTarget target{result.data(), nullptr, layer.out, row_out, row_out * layer.height};
    const double time = milliseconds([&] {
      convolution.run({&source, 1}, target, {1, layer.height, layer.width, 0, 0}, parallel);
    });
    const double work = 2e-6 * 9 * static_cast<double>(pixels) * layer.in * layer.out;  // million
    std::printf("%3dx%3d %4d -> %4d: %8.2f ms %6.0f GFLOP/s, weights %6.1f MB\n", layer.height, layer.width, layer.in,
                layer.out, time, work / time, static_cast<double>(convolution.packed_bytes()) / 1e6);
    total += time;
    total_work += work;
  }
  std::printf("all: %.1f ms %.0f GFLOP/s\n", total, total_work / total);
  return 0;
}
