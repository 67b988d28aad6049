#include "infer/prepare.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "core/text.h"
#include "infer/device.h"
#include "infer/memory.h"
#include "infer/onednn.h"
#include "infer/plain_kernel.h"
#include "infer/predict.h"
#include "throng/error.h"

namespace throng {

namespace {

// What the convolutions and the rest compute in where they do not in int8.
at::ScalarType float_type(Precision precision, const at::Device& device) {
  if (precision == Precision::int8) return has_native_bf16(device) ? at::kBFloat16 : at::kFloat;
  if (precision == Precision::fp16) return at::kHalf;
  return precision == Precision::bf16 ? at::kBFloat16 : at::kFloat;
}

// Bytes that mixing maps takes for each pixel of the image, beyond the maps.
double mixing_bytes(const DensityNet& net, const RowEngine& engine) {
  constexpr int kSide = 128;
  const NetworkMaps maps = engine.empty_maps({kSide, kSide});
  const std::int64_t peak = peak_allocation([&] { net.mix(maps); });
  return static_cast<double>(peak) / (kSide * kSide);
}

// Whether there is a range for each convolution that ends in a ReLU.
bool covers(const Calibration& calibration, DensityNet& net) {
  bool all = true;
  net.visit([&](const std::string& name, const ConvBlock& block) {
    all &= block.spec().activation != Activation::relu || calibration.ranges.contains(name);
  });
  return all;
}

// Behind folding: a running variance below zero is finite and what it makes is not. int8 would hide that in a number.
void check_finite(DensityNet& net) {
  net.visit([](const std::string& name, const ConvBlock& block) {
    const auto finite = [](const at::Tensor& values) {
      return !values.defined() || at::isfinite(values).all().item<bool>();
    };
    if (finite(block.weight) && finite(block.bias)) return;
    throw Error(ErrorKind::model, text("the weights of ", name,
                                       " are no finite numbers once its normalisation is folded "
                                       "in: the model is damaged or its training diverged; use another model file"));
  });
}

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace

PreparedNet prepare(DensityNet&& net, Precision wanted, const at::Device& device, const Calibration* calibration,
                    const Normalisation* normalisation) {
  // Where it is asked for by name, int8 says what is missing.
  const bool calibrated = calibration != nullptr && (wanted == Precision::int8 || covers(*calibration, net));
  const Precision precision = choose_precision(wanted, device, calibrated);
  const at::NoGradGuard no_gradients;
  PreparedNet prepared(std::move(net), precision, device);
  prepared.net_.train(false);
  prepared.net_.visit([](const std::string&, ConvBlock& block) { block.fold_norm(); });

  check_finite(prepared.net_);
  const at::ScalarType type = float_type(precision, device);
  if (device.is_cpu()) {
    prepared.engine_ = std::make_unique<RowEngine>(
        prepared.net_, type, precision == Precision::int8 ? &calibration->ranges : nullptr, normalisation);
    if (prepared.engine_->reads_bytes()) prepared.picture_ = *normalisation;
    prepared.kernels_ = prepared.engine_->kernels();
    if (!why_no_packed_convolution().empty())
      prepared.kernels_ += text("; not by oneDNN's own: ", why_no_packed_convolution());
  } else {
    // cuDNN would round fp32 to TF32, a thousandth of the value.
    if (precision == Precision::fp32) at::globalContext().setAllowTF32CuDNN(false);
    prepared.kernels_ = text("cuDNN in ", to_string(precision), ", pictures of one size in batches");
    prepared.batches_ = std::make_unique<BatchForward>(device, graph_support(device));
  }
  prepared.net_.visit([&](const std::string& name, ConvBlock& block) {
    if (!prepared.engine_) {
      block.weight = block.weight.to(device);
      if (block.bias.defined()) block.bias = block.bias.to(device);
      // Density maps are summed over the whole image, so they leave bf16 here.
      block.set_kernel(make_plain_kernel(block, type, gives_density(name, block) ? at::kFloat : type));
    } else if (!prepared.engine_->computes(block)) {
      block.set_kernel(make_plain_kernel(block, at::kFloat, at::kFloat));
    }
    // Kernels have their own copy.
    block.weight = at::Tensor();
    block.bias = at::Tensor();
  });
  if (prepared.engine_) prepared.mixing_bytes_per_pixel_ = mixing_bytes(prepared.net_, *prepared.engine_);
  return prepared;
}

Prediction PreparedNet::compute(GridSize size, const ImageRows& rows, const RowBudget& budget, Profile* profile) const {
  const at::NoGradGuard no_gradients;
  const NetworkMaps maps = engine_->run(size, rows, budget, profile);
  const Stopwatch mixing;
  Prediction prediction = net_.mix(maps);
  const at::Tensor& map = prediction.final_map();
  if (profile != nullptr) {
    profile->push_back(
        {"mixing", "", 1, static_cast<int>(map.size(2)), static_cast<int>(map.size(3)), mixing.seconds(), 0});
  }
  return prediction;
}

Prediction PreparedNet::forward(const Image& image, const Normalisation& normalisation, const RowBudget& budget,
                                Profile* profile) const {
  if (!engine_) {
    const Image* const pictures[] = {&image};
    return std::move(forward(pictures, normalisation, profile).front());
  }
  if (picture_ && (picture_->mean != normalisation.mean || picture_->deviation != normalisation.deviation))
    throw std::logic_error("a network was prepared for pictures of another normalisation");
  return compute(network_size(image.width, image.height), image_rows(image, normalisation), budget, profile);
}

ImageRows PreparedNet::rows_of_tensor(const at::Tensor& image) const {
  if (!picture_) return [&](const MapRows& rows) { rows.values.copy_(image.narrow(2, rows.first, rows.count())); };
  const at::Tensor mean = at::tensor(picture_->mean, at::kFloat).view({1, 3, 1, 1});
  const at::Tensor deviation = at::tensor(picture_->deviation, at::kFloat).view({1, 3, 1, 1});
  return [&image, mean, deviation](const MapRows& rows) {
    const at::Tensor values = image.narrow(2, rows.first, rows.count()) * deviation + mean;
    rows.values.copy_(at::round(values * 255).clamp(0, 255));
  };
}

Prediction PreparedNet::forward(const at::Tensor& image, const RowBudget& budget, Profile* profile) const {
  if (engine_) {
    const GridSize size{static_cast<int>(image.size(2)), static_cast<int>(image.size(3))};
    return compute(size, rows_of_tensor(image), budget, profile);
  }
  const at::NoGradGuard no_gradients;
  return net_.forward(image.to(device_));
}

std::vector<Prediction> PreparedNet::forward(std::span<const Image* const> images, const Normalisation& normalisation,
                                             Profile* profile) const {
  const Stopwatch whole;
  std::vector<Prediction> predictions = batches_->run(net_, images, normalisation);
  if (profile != nullptr) {
    const at::Tensor map = predictions.front().final_map().to(at::kCPU);  // waits for the GPU
    profile->push_back(
        {"network", kernels(), 1, static_cast<int>(map.size(2)), static_cast<int>(map.size(3)), whole.seconds(), 0});
  }
  return predictions;
}

std::optional<Prediction> PreparedNet::empty_prediction() const {
  if (!engine_) return std::nullopt;
  const at::NoGradGuard no_gradients;
  return net_.mix(engine_->empty_maps({kSmallestSide, kSmallestSide}));
}

std::string PreparedNet::kernels() const { return batches_ ? text(kernels_, ", ", batches_->graphs()) : kernels_; }

std::int64_t PreparedNet::whole_maps(int width, int height) const {
  if (!engine_) return 0;
  const GridSize size = network_size(width, height);
  const double mixing = mixing_bytes_per_pixel_ * size.width * size.height;
  return engine_->output_memory(size) + std::llround(mixing);
}

std::int64_t PreparedNet::memory(int width, int height, const RowBudget& budget) const {
  if (!engine_) return 0;
  // Scratch memory of the convolutions, and what the allocator cannot use again at once.
  constexpr double kMargin = 1.1;
  constexpr std::int64_t kConstant = 48 << 20;
  const GridSize size = network_size(width, height);
  // The rows are gone when the maps are mixed.
  const std::int64_t most = std::max(engine_->peak_memory(size, budget), whole_maps(width, height));
  const auto bytes = static_cast<double>(most);
  return std::llround(kMargin * bytes) + kConstant;
}

}  // namespace throng
