#include "train/training_net.h"

#include "throng/error.h"
#include "train/device_step.h"

namespace throng {

namespace {

at::ScalarType moments_of(const TrainConfig& config, const Autocast& autocast) {
  const bool on_cpu = autocast.device() == at::kCPU;
  if (config.moments == "bf16" && !on_cpu)
    throw Error(ErrorKind::usage, "train.moments = \"bf16\" is for training on a CPU: use auto or fp32");
  const bool half = config.moments == "bf16" || (config.moments == "auto" && on_cpu && autocast.on());
  return half ? at::kBFloat16 : at::kFloat;
}

std::unique_ptr<TrainingKernels> kernels_for(DensityNet& net, const Autocast& autocast) {
  const bool ours = autocast.on() && autocast.device() == at::kCPU;
  return ours ? std::make_unique<TrainingKernels>(net) : nullptr;
}

std::optional<GraphSupport> graphs_for(const TrainConfig& config, const at::Device& device,
                                       const GraphSupport* as_on_a_gpu) {
  if (device.is_cpu() && as_on_a_gpu == nullptr) return {};
  if (config.graph == "off") return GraphSupport{.why_not = "train.graph is \"off\""};
  return as_on_a_gpu != nullptr ? *as_on_a_gpu : graph_support(device);
}

}  // namespace

TrainingNet::TrainingNet(DensityNet& net, const TrainConfig& config, const at::Device& device,
                         const GraphSupport* as_on_a_gpu)
    : net_(net),
      device_(device),
      autocast_(config.precision, device),
      graphs_(graphs_for(config, device, as_on_a_gpu)),
      kernels_(graphs_ ? nullptr : kernels_for(net, autocast_)),
      moments_(graphs_ ? at::kFloat : moments_of(config, autocast_)) {
  net_.to(device_);
  // Our own kernels have laid the weights as they need them.
  if (graphs_) lay_channels_last(net_);
}

void TrainingNet::train(bool freeze_encoder_norm) {
  norm_is_frozen_ = freeze_encoder_norm;
  net_.train(true, freeze_encoder_norm);
  if (kernels_) kernels_->use(freeze_encoder_norm);
}

void TrainingNet::evaluate() {
  net_.train(false);
  if (kernels_) kernels_->release();
}

Prediction TrainingNet::forward(const at::Tensor& images) {
  return kernels_ ? kernels_->forward(images) : forward_in(autocast_, net_, images);
}

}  // namespace throng
