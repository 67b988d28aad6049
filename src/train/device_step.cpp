#include "train/device_step.h"

#include <ATen/ATen.h>

#include "core/text.h"
#include "infer/cudnn_trials.h"

namespace throng {

namespace {

constexpr int kEagerSteps = 3;
constexpr std::size_t kGraphs = 2;  // whole batches, and the last of an epoch

at::Tensor pinned(const at::Tensor& tensor, const at::Device& device) {
  return tensor.defined() && !device.is_cpu() ? tensor.pin_memory() : tensor;
}

}  // namespace

std::string why_loss_varies(const LossConfig& loss) {
  if (loss.transport > 0 || loss.variation > 0)
    return text("loss.", loss.transport > 0 ? "transport" : "variation", " looks at each crop's annotations");
  if (loss.relative > 0 && loss.relative_choice != "hard")
    return text("loss.relative_choice = \"", loss.relative_choice, "\" draws regions anew for each crop");
  return "";
}

void lay_channels_last(DensityNet& net) {
  for (const NamedTensor& named : net.tensors()) {
    if (named.tensor->dim() == 4) *named.tensor = named.tensor->contiguous(at::MemoryFormat::ChannelsLast);
  }
}

DeviceStep::DeviceStep(const Parts& parts, const at::Device& device, GraphSupport graphs)
    : parts_(parts),
      device_(device),
      normaliser_(parts.card.normalisation, device),
      copies_(device),
      work_(device, std::move(graphs), {.eager = kEagerSteps, .graphs = kGraphs}) {}

void DeviceStep::run(const Batch& batch, double learning_rate, std::int64_t form) {
  const std::vector<at::Tensor> inputs = sent(batch);
  parts_.optimiser.set_rate(learning_rate);
  // All crops have one size.
  const CudnnTrials trials(true);
  const at::Tensor values = work_.run(
      inputs, [this](const std::vector<at::Tensor>& list) { return step(BatchTensors::from(list)); }, form);
  if (!values_.defined()) values_ = at::empty({kMostUnread, values.size(0)}, values.options());
  // The graph's own are overwritten by the next step.
  values_[unread_++].copy_(values);
}

// On the device, and there before what the current stream is given next; the step before may still be going on.
std::vector<at::Tensor> DeviceStep::sent(const Batch& batch) const {
  std::vector<at::Tensor> list = batch_tensors(batch).list();
  if (device_.is_cpu()) return list;
  for (at::Tensor& tensor : list) tensor = pinned(tensor, device_);
  copies_.beside([&] {
    for (at::Tensor& tensor : list) {
      if (tensor.defined()) tensor = tensor.to(device_, tensor.scalar_type(), /*non_blocking=*/true);
    }
  });
  copies_.join();
  for (const at::Tensor& tensor : list) {
    if (tensor.defined()) copies_.hand_over(tensor);
  }
  return list;
}

at::Tensor DeviceStep::step(const BatchTensors& batch) {
  const Target target = batch_target(batch, parts_.card.density_scale);
  const Prediction prediction = forward_in(parts_.autocast, parts_.net, batch_images(batch, normaliser_));
  const LossReport loss = parts_.criterion(prediction, target);
  const at::Tensor norm = parts_.optimiser.descend_without_waiting(loss.total);

  names_.clear();
  std::vector<at::Tensor> values;
  const auto add = [&](const at::Tensor& value) { values.push_back(value.detach().to(at::kDouble)); };
  for (const auto& [name, term] : loss.terms) {
    names_.push_back(name);
    add(term);
  }
  names_.emplace_back("total");
  add(loss.total);
  add(norm);
  add(target.mean.any());
  add(prediction.final_map().any().logical_not());
  return at::stack(values);
}

std::vector<StepValues> DeviceStep::read() {
  std::vector<StepValues> steps;
  if (unread_ == 0) return steps;
  const at::Tensor values = values_.narrow(0, 0, unread_).to(at::kCPU).contiguous();  // waits
  const double* value = values.const_data_ptr<double>();
  for (std::int64_t i = 0; i < unread_; ++i) {
    StepValues& step = steps.emplace_back();
    for (const std::string& name : names_) step.losses.emplace_back(name, *value++);
    step.gradient_norm = *value++;
    step.people = *value++ != 0;
    step.silent = *value++ != 0;
  }
  unread_ = 0;
  return steps;
}

}  // namespace throng
