#include "infer/memory.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "infer/predict.h"

namespace throng {

namespace {

// torch's allocator tells it about every allocation of the thread that it is installed in.
class AllocationWatch final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t, c10::Device device) override {
    if (!device.is_cpu()) return;
    held_ += bytes;
    peak_ = std::max(peak_, held_);
  }
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t peak() const { return peak_; }

 private:
  std::int64_t held_ = 0;
  std::int64_t peak_ = 0;
};

// A convolution's result without its numbers.
class ShapeOnlyConvolution final : public ConvKernel {
 public:
  ShapeOnlyConvolution(const ConvSpec& spec, at::ScalarType type) : spec_(spec), type_(type) {}

  at::Tensor run(const at::Tensor& input, const at::Tensor&) const override {
    const at::Tensor converted = input.to(type_);
    return at::empty({converted.size(0), spec_.out, side(converted.size(2)), side(converted.size(3))},
                     at::TensorOptions().dtype(type_).memory_format(at::MemoryFormat::ChannelsLast));
  }

 private:
  std::int64_t side(std::int64_t size) const {
    return (size + 2 * spec_.padding - spec_.dilation * (spec_.kernel - 1) - 1) / spec_.stride + 1;
  }

  ConvSpec spec_;
  at::ScalarType type_;
};

}  // namespace

std::int64_t peak_allocation(const std::function<void()>& work) {
  const auto watch = std::make_shared<AllocationWatch>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, watch);
  work();
  return watch->peak();
}

std::int64_t MemoryEstimate::bytes(int width, int height) const {
  // Scratch memory of the convolutions, and what the allocator cannot use again at once.
  constexpr double kMargin = 1.1;
  constexpr double kConstant = 32.0 * 1024 * 1024;
  const double pixels = static_cast<double>(std::max(width, kSmallestSide)) * std::max(height, kSmallestSide);
  return std::llround(bytes_per_pixel * pixels * kMargin + kConstant) + packed_weights;
}

MemoryEstimate estimate_memory(DensityNet& net, at::ScalarType type) {
  // A multiple of the coarsest stride, so that no rounding of sizes enters.
  constexpr int kSide = 128;
  MemoryEstimate estimate;
  net.visit([&](const std::string&, ConvBlock& block) {
    estimate.packed_weights += block.weight.numel() * static_cast<std::int64_t>(at::elementSize(type));
    block.set_kernel(std::make_unique<ShapeOnlyConvolution>(block.spec(), type));
  });
  const Image image{kSide, kSide, std::vector<std::uint8_t>(3 * kSide * kSide)};
  const std::int64_t peak = peak_allocation([&] {
    const at::NoGradGuard no_gradients;
    count_final_map(net.forward(image_tensor(image, Normalisation{})).final_map(), 1.0, kSide, kSide);
  });
  estimate.bytes_per_pixel = static_cast<double>(peak) / (kSide * kSide);
  return estimate;
}

}  // namespace throng
