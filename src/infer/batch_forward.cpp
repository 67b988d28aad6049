#include "infer/batch_forward.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstring>

#include "core/text.h"
#include "infer/predict.h"

namespace throng {

namespace {

/// Calls `change` with each tensor of a prediction that there is.
template <class Change>
void for_each_map(Prediction& prediction, const Change& change) {
  const auto changed = [&](at::Tensor& values) {
    if (values.defined()) values = change(values);
  };
  for (DensityOutput& output : prediction.outputs) {
    changed(output.map);
    changed(output.local);
  }
  changed(prediction.attention);
  for (at::Tensor& weights : prediction.gate_weights) changed(weights);
}

at::Tensor bytes_of(std::span<const Image* const> images, const at::Device& device) {
  const Image& first = *images.front();
  at::Tensor bytes =
      staging_tensor({static_cast<std::int64_t>(images.size()), first.height, first.width, 3}, at::kByte, device);
  auto* to = bytes.data_ptr<std::uint8_t>();
  for (const Image* image : images) {
    std::memcpy(to, image->rgb.data(), image->rgb.size());
    to += image->rgb.size();
  }
  return bytes;
}

}  // namespace

BatchForward::BatchForward(const at::Device& device, GraphSupport graphs)
    : device_(device), work_(device, std::move(graphs), {.rehearse = true}) {}

std::vector<Prediction> BatchForward::run(const DensityNet& net, std::span<const Image* const> images,
                                          const Normalisation& normalisation) {
  const at::NoGradGuard no_gradients;
  for (const Image* image : images) check_image(*image);
  normaliser(normalisation);
  const RepeatedWork<Prediction>::Work work = [&](const std::vector<at::Tensor>& inputs) {
    return forward(net, inputs.front());
  };
  const at::Tensor bytes = bytes_of(images, device_);
  Prediction all;
  try {
    all = work_.run({bytes}, work);
  } catch (const c10::OutOfMemoryError&) {
    if (work_.recorded() == 0) throw;
    work_.give_up("the device's memory does not suffice for them");
    all = work_.run({bytes}, work);
  }
  // What a graph has made is overwritten when it is replayed.
  for_each_map(all, [](const at::Tensor& map) { return map.clone(); });
  std::vector<Prediction> each(images.size(), all);
  for (std::size_t i = 0; i < each.size(); ++i) {
    for_each_map(each[i], [&](const at::Tensor& map) { return map.narrow(0, static_cast<std::int64_t>(i), 1); });
  }
  return each;
}

std::string BatchForward::graphs() const {
  return work_.why_not().empty() ? "sizes that come again are replayed from graphs"
                                 : text("without graphs: ", work_.why_not());
}

Prediction BatchForward::forward(const DensityNet& net, const at::Tensor& bytes) const {
  at::Tensor input = (*normaliser_)(bytes);
  const std::int64_t rows = kSmallestSide - bytes.size(1), columns = kSmallestSide - bytes.size(2);
  if (rows > 0 || columns > 0) {
    input = at::constant_pad_nd(input, {0, std::max<std::int64_t>(columns, 0), 0, std::max<std::int64_t>(rows, 0)})
                .contiguous(at::MemoryFormat::ChannelsLast);
  }
  return net.forward(input);
}

const ByteNormaliser& BatchForward::normaliser(const Normalisation& normalisation) {
  const bool same =
      normaliser_ && normalisation_.mean == normalisation.mean && normalisation_.deviation == normalisation.deviation;
  if (!same) {
    // Recorded work has the constants of the last one.
    work_.forget();
    normalisation_ = normalisation;
    normaliser_.emplace(normalisation, device_);
  }
  return *normaliser_;
}

}  // namespace throng
