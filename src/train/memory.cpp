#include "train/memory.h"

#include <string_view>

#include "core/text.h"
#include "model/density_net.h"
#include "model/limits.h"

namespace throng {

namespace {

/// Bytes of all tensors; a number with a fraction, for it may be beyond what 64 bits hold.
double bytes_of(DensityNet& shapes) {
  double bytes = 0;
  for (const NamedTensor& named : shapes.tensors()) {
    bytes += static_cast<double>(named.tensor->numel()) * static_cast<double>(named.tensor->element_size());
  }
  return bytes;
}

// Of all weights, that lie in memory together: weights, moments, averages, and gradients where all are needed at once.
double copies_of_weights(const TrainConfig& train) {
  const bool whole_moments = train.moments == "fp32" || (train.moments == "auto" && train.precision == "fp32");
  return 1.0 + (whole_moments ? 2.0 : 1.0) + (train.ema > 0 ? 1.0 : 0.0) + (train.clip > 0 ? 1.0 : 0.0);
}

}  // namespace

void check_network_memory(const ModelConfig& model, const TrainConfig& train, const at::Device& device,
                          std::int64_t available) {
  DensityNet shapes = network_without_memory(model);
  const double copies = device.is_cpu() ? copies_of_weights(train) : 1.0;
  const double needed = copies * bytes_of(shapes);
  if (needed <= static_cast<double>(available)) return;
  constexpr double kGibibyte = 1 << 30;
  throw Error(ErrorKind::failure,
              text("the network that the configuration describes has ", shapes.parameters(),
                   " parameters: training it takes at least ", fixed(needed / kGibibyte, 1), " GiB of memory, and ",
                   human_bytes(available), " are free; lower model.width or the channels in model.decoder"));
}

bool is_lack_of_memory(const c10::Error& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  return std::string_view(error.what_without_backtrace()).find("DefaultCPUAllocator") != std::string_view::npos;
}

Error out_of_memory(const TrainConfig& train) {
  return {ErrorKind::failure,
          text("there is not enough memory to train on ", quantity(train.batch, "crop"), " of ", train.augment.crop,
               "x", train.augment.crop, " pixels a step: lower train.batch, train.crop or model.width")};
}

}  // namespace throng
