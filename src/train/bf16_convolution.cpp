#include "train/bf16_convolution.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <tuple>
#include <vector>

#include "kernels/openmp_threads.h"
#include "kernels/weight_gradient.h"

namespace throng {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr at::MemoryFormat kChannelsLast = at::MemoryFormat::ChannelsLast;

struct Window {
  std::vector<std::int64_t> stride, padding, dilation;
  bool is_same_3x3 = false;  // 3x3 of stride 1 that keeps the size

  explicit Window(const ConvSpec& spec)
      : stride(2, spec.stride),
        padding(2, spec.padding),
        dilation(2, spec.dilation),
        is_same_3x3(spec.kernel == 3 && spec.stride == 1 && spec.dilation == 1 && spec.padding == 1) {}
};

const std::uint16_t* words_of(const at::Tensor& tensor) {
  return static_cast<const std::uint16_t*>(tensor.const_data_ptr());
}

struct Gradients {
  at::Tensor weight, bias;
};

Gradients summed_here(const at::Tensor& input, const at::Tensor& slope, const at::Tensor& weight,
                      const ConvolutionShape& shape) {
  const auto options = weight.options();
  Gradients gradients{at::empty(weight.sizes(), options.memory_format(kChannelsLast)), at::empty({shape.out}, options)};
  weight_gradient_3x3(words_of(input), words_of(slope), gradients.weight.data_ptr<float>(),
                      gradients.bias.data_ptr<float>(), shape, on_openmp_threads);
  return gradients;
}

Gradients summed_by_onednn(const at::Tensor& input, const at::Tensor& slope, const at::Tensor& weight, bool has_bias,
                           const Window& window) {
  const at::Tensor rounded = weight.to(at::kBFloat16);
  auto [none, by_weight, by_bias] =
      at::convolution_backward(slope, input, rounded, at::IntArrayRef{weight.size(0)}, window.stride, window.padding,
                               window.dilation, false, {0, 0}, 1, {false, true, has_bias});
  Gradients gradients{by_weight.to(weight.scalar_type(), false, false, weight.suggest_memory_format()), {}};
  if (has_bias) gradients.bias = by_bias.to(weight.scalar_type());
  return gradients;
}

class Bf16Convolution : public torch::autograd::Function<Bf16Convolution> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight,
                            const std::optional<at::Tensor>& bias, const ConvSpec* spec, const Normalised* origin) {
    const at::AutoDispatchBelowAutograd below;
    const Window window(*spec);
    const at::Tensor x = input.to(at::kBFloat16, false, false, kChannelsLast);
    std::optional<at::Tensor> offset;
    if (bias) offset = bias->to(at::kBFloat16);
    context->saved_data["spec"] = reinterpret_cast<std::int64_t>(spec);
    context->saved_data["has_bias"] = bias.has_value();
    if (origin != nullptr) {
      context->saved_data["relu"] = origin->relu;
      context->save_for_backward({weight, origin->x, origin->scale, origin->shift});
    } else {
      context->save_for_backward({weight, x});
    }
    return at::conv2d(x, weight.to(at::kBFloat16), offset, window.stride, window.padding, window.dilation);
  }

  static variable_list backward(AutogradContext* context, const variable_list& slopes) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& weight = saved[0];
    const at::Tensor x = saved.size() == 2
                             ? saved[1]
                             : Normalised{saved[1], saved[2], saved[3], context->saved_data["relu"].toBool()}.values();
    const Window window(*reinterpret_cast<const ConvSpec*>(context->saved_data["spec"].toInt()));
    const bool has_bias = context->saved_data["has_bias"].toBool();
    const at::Tensor slope = slopes[0].to(at::kBFloat16, false, false, kChannelsLast);
    variable_list gradients(5);
    if (context->needs_input_grad(0)) {
      gradients[0] = std::get<0>(at::convolution_backward(slope, x, weight.to(at::kBFloat16), at::OptionalIntArrayRef(),
                                                          window.stride, window.padding, window.dilation, false, {0, 0},
                                                          1, {true, false, false}));
    }
    if (context->needs_input_grad(1) || (has_bias && context->needs_input_grad(2))) {
      const ConvolutionShape shape{x.size(0), static_cast<int>(x.size(2)), static_cast<int>(x.size(3)),
                                   static_cast<int>(x.size(1)), static_cast<int>(slope.size(1))};
      const bool here = window.is_same_3x3 && can_take_weight_gradient(shape);
      const Gradients sums =
          here ? summed_here(x, slope, weight, shape) : summed_by_onednn(x, slope, weight, has_bias, window);
      gradients[1] = sums.weight;
      if (has_bias) gradients[2] = sums.bias;
    }
    return gradients;
  }
};

}  // namespace

at::Tensor bf16_convolution(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                            const ConvSpec& spec, const Normalised* origin) {
  return Bf16Convolution::apply(input, weight, bias.defined() ? std::optional(bias) : std::nullopt, &spec, origin);
}

}  // namespace throng
