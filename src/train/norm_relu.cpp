#include "train/norm_relu.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <utility>

#include "kernels/normalise.h"
#include "kernels/openmp_threads.h"

namespace throng {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

const std::uint16_t* words(const at::Tensor& tensor) {
  return static_cast<const std::uint16_t*>(tensor.const_data_ptr());
}
std::uint16_t* words_to_fill(const at::Tensor& tensor) { return static_cast<std::uint16_t*>(tensor.data_ptr()); }

PixelShape shape_of(const at::Tensor& x) { return {x.numel() / x.size(1), x.size(1)}; }

ScaledRelu function_of(const at::Tensor& scale, const at::Tensor& shift, bool relu) {
  return {scale.const_data_ptr<float>(), shift.const_data_ptr<float>(), relu};
}

// Mean and variance that `x` is normalised by.
std::pair<at::Tensor, at::Tensor> statistics(const at::Tensor& x, const BatchNorm& norm, bool of_batch) {
  if (!of_batch) return {norm.running_mean, norm.running_var};
  const PixelShape shape = shape_of(x);
  const at::Tensor mean = at::empty({shape.channels}, norm.running_mean.options()), variance = at::empty_like(mean);
  channel_moments(words(x), shape, mean.data_ptr<float>(), variance.data_ptr<float>(), on_openmp_threads);
  const auto count = static_cast<double>(shape.pixels);
  norm.running_mean.lerp_(mean, BatchNorm::kMomentum);
  norm.running_var.lerp_(variance * (count / std::max(count - 1, 1.0)), BatchNorm::kMomentum);
  return {mean, variance};
}

class NormRelu : public torch::autograd::Function<NormRelu> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight,
                            const at::Tensor& bias, const BatchNorm* norm, const NormOptions* options,
                            Normalised* origin) {
    const at::AutoDispatchBelowAutograd below;
    const auto [mean, variance] = statistics(x, *norm, options->batch_statistics);
    const at::Tensor inverse = at::rsqrt(variance + options->epsilon);
    const at::Tensor scale = weight * inverse, shift = bias - mean * scale;
    *origin = {x.detach(), scale, shift, options->relu};
    context->saved_data["relu"] = options->relu;
    context->saved_data["of_batch"] = options->batch_statistics;
    context->save_for_backward({x, weight, mean.clone(), inverse, scale, shift});
    return origin->values();
  }

  static variable_list backward(AutogradContext* context, const variable_list& slopes) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &mean = saved[2], &inverse = saved[3];
    const ScaledRelu function = function_of(saved[4], saved[5], context->saved_data["relu"].toBool());
    const at::Tensor slope = slopes[0].to(at::kBFloat16, false, false, at::MemoryFormat::ChannelsLast);
    const PixelShape shape = shape_of(x);

    at::Tensor by_bias = at::empty_like(mean), products = at::empty_like(mean);
    scaled_relu_sums(words(x), words(slope), shape, function, by_bias.data_ptr<float>(), products.data_ptr<float>(),
                     on_openmp_threads);
    const at::Tensor by_weight = (products - mean * by_bias) * inverse;

    variable_list gradients(6);
    gradients[1] = by_weight;
    gradients[2] = by_bias;
    if (!context->needs_input_grad(0)) return gradients;
    // The statistics of a batch depend on x too.
    const double share = context->saved_data["of_batch"].toBool() ? 1.0 / static_cast<double>(shape.pixels) : 0.0;
    const at::Tensor by_slope = weight * inverse;
    const at::Tensor by_x = by_slope * inverse * by_weight * -share;
    const at::Tensor constant = by_slope * by_bias * -share - by_x * mean;
    gradients[0] = at::empty_like(x);
    scaled_relu_gradient(
        words(x), words(slope), shape, function,
        {by_slope.const_data_ptr<float>(), by_x.const_data_ptr<float>(), constant.const_data_ptr<float>()},
        words_to_fill(gradients[0]), on_openmp_threads);
    return gradients;
  }
};

}  // namespace

at::Tensor Normalised::values() const {
  const at::Tensor out = at::empty_like(x);
  scaled_relu(words(x), shape_of(x), function_of(scale, shift, relu), words_to_fill(out), on_openmp_threads);
  return out;
}

at::Tensor norm_relu(const at::Tensor& x, const BatchNorm& norm, const NormOptions& options, Normalised& origin) {
  return NormRelu::apply(x.contiguous(at::MemoryFormat::ChannelsLast), norm.weight, norm.bias, &norm, &options,
                         &origin);
}

void NormalisedFeatures::add(const at::Tensor& features, Normalised origin) {
  entries_.push_back({c10::weak_intrusive_ptr<at::TensorImpl>(features.getIntrusivePtr()), std::move(origin)});
}

const Normalised* NormalisedFeatures::find(const at::Tensor& features) const {
  for (const Entry& entry : entries_) {
    if (entry.features._unsafe_get_target() == features.unsafeGetTensorImpl()) return &entry.origin;
  }
  return nullptr;
}

}  // namespace throng
