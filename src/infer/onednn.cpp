#include "infer/onednn.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/stack.h>
#include <ATen/cpu/Utils.h>

#include <optional>
#include <string_view>
#include <vector>

#include "core/text.h"

namespace throng {

namespace {

using Scalars = c10::List<std::optional<at::Scalar>>;

using PackSignature = at::Tensor(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, std::int64_t,
                                 at::OptionalIntArrayRef);
using ConvSignature = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                                 at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, std::int64_t, std::string_view,
                                 Scalars, std::optional<std::string_view>);
using ConvAddSignature = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&,
                                    const std::optional<at::Tensor>&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef,
                                    std::int64_t, std::string_view, std::optional<at::Scalar>,
                                    std::optional<std::string_view>, Scalars, std::optional<std::string_view>);
using Int8Signature = at::Tensor(at::Tensor, double, std::int64_t, at::Tensor, at::Tensor, at::Tensor,
                                 std::optional<at::Tensor>, c10::List<std::int64_t>, c10::List<std::int64_t>,
                                 c10::List<std::int64_t>, std::int64_t, double, std::int64_t,
                                 std::optional<at::ScalarType>, std::string_view, Scalars,
                                 std::optional<std::string_view>);

c10::OperatorHandle find(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
}

c10::List<std::int64_t> list(const std::vector<std::int64_t>& values) {
  c10::List<std::int64_t> result;
  for (const std::int64_t value : values) result.push_back(value);
  return result;
}

// PyTorch's internal oneDNN operators, behind one call.
class OneDnn {
 public:
  OneDnn()
      : pack_(find("mkldnn::_reorder_convolution_weight", "").typed<PackSignature>()),
        conv_(find("mkldnn::_convolution_pointwise", "").typed<ConvSignature>()),
        conv_add_(find("mkldnn::_convolution_pointwise", "binary").typed<ConvAddSignature>()) {}

  at::Tensor pack(const at::Tensor& weight, at::IntArrayRef input_size, const ConvGeometry& at) const {
    return pack_.call(weight, at.padding, at.stride, at.dilation, 1, input_size);
  }

  at::Tensor run(const at::Tensor& input, const at::Tensor& packed, const at::Tensor& bias, const at::Tensor& residual,
                 const ConvGeometry& at) const {
    if (!residual.defined()) {
      return conv_.call(input, packed, bias, at.padding, at.stride, at.dilation, 1, at.relu ? "relu" : "none",
                        Scalars(), std::nullopt);
    }
    const std::optional<std::string_view> unary = at.relu ? std::optional<std::string_view>("relu") : std::nullopt;
    return conv_add_.call(input, residual, packed, bias, at.padding, at.stride, at.dilation, 1, "add", std::nullopt,
                          unary, Scalars(), std::nullopt);
  }

 private:
  c10::TypedOperatorHandle<PackSignature> pack_;
  c10::TypedOperatorHandle<ConvSignature> conv_;
  c10::TypedOperatorHandle<ConvAddSignature> conv_add_;
};

// Those of int8. Activations are u8 in steps of a scale, weights int8 with one per output channel.
class OneDnnInt8 {
 public:
  OneDnnInt8()
      : pack_(find("onednn::qconv_prepack", "")), conv_(find("onednn::qconv2d_pointwise", "").typed<Int8Signature>()) {}

  at::Tensor pack(const Int8Weights& weights, double input_scale, at::IntArrayRef input_size,
                  const ConvGeometry& at) const {
    torch::jit::Stack stack{weights.steps, weights.scales, input_scale,     std::int64_t{0}, at.stride,
                            at.padding,    at.dilation,    std::int64_t{1}, input_size.vec()};
    pack_.callBoxed(&stack);
    return stack.front().toTensor();
  }

  at::Tensor run(const at::Tensor& input, double input_scale, const at::Tensor& packed, const Int8Weights& weights,
                 const ConvGeometry& at, at::ScalarType type, double output_scale) const {
    const std::optional<at::Tensor> bias = weights.bias.defined() ? std::optional(weights.bias) : std::nullopt;
    return conv_.call(input, input_scale, 0, packed, weights.scales, weights.zero_points, bias, list(at.stride),
                      list(at.padding), list(at.dilation), 1, type == at::kByte ? output_scale : 1.0, 0, type,
                      at.relu ? "relu" : "none", Scalars(), std::nullopt);
  }

 private:
  c10::OperatorHandle pack_;
  c10::TypedOperatorHandle<Int8Signature> conv_;
};

// The operators' answer for a small strided case against the public ones: a schema may keep its types and change the
// order of its arguments.
bool answers_correctly(const OneDnn& onednn) {
  const auto values = [](at::IntArrayRef sizes) {
    const std::int64_t count = c10::multiply_integers(sizes);
    return at::sin(at::arange(count, at::TensorOptions().dtype(at::kFloat))).view(sizes);
  };
  const at::Tensor input = values({1, 8, 9, 7}).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor weight = values({16, 8, 3, 3});
  const at::Tensor bias = values({16}), residual = values({1, 16, 5, 4}).contiguous(at::MemoryFormat::ChannelsLast);
  const ConvGeometry geometry{.stride = {2, 2}, .padding = {1, 1}, .dilation = {1, 1}, .relu = true};
  const at::Tensor packed = onednn.pack(weight, input.sizes(), geometry);
  const at::Tensor expected = at::conv2d(input, weight, bias, geometry.stride, geometry.padding);
  return at::allclose(onednn.run(input, packed, bias, {}, geometry), at::relu(expected), 1e-4, 1e-4) &&
         at::allclose(onednn.run(input, packed, bias, residual, geometry), at::relu(expected + residual), 1e-4, 1e-4);
}

// Products of the largest numbers, which processors without VNNI add in 16 bits and cut off there.
bool adds_exactly(const OneDnnInt8& onednn) {
  const ConvGeometry geometry{.stride = {1, 1}, .padding = {0, 1}, .dilation = {1, 1}, .relu = true};
  const at::Tensor input = at::full({1, 32, 5, 6}, 255, at::kByte).contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor weight = at::ones({16, 32, 3, 3});
  weight.narrow(0, 0, 8).mul_(2);
  const Int8Weights weights = to_int8(weight, at::ones({16}));
  const at::Tensor packed = onednn.pack(weights, 0.5, input.sizes(), geometry);
  const at::Tensor expected =
      at::conv2d(input.to(at::kFloat) * 0.5, weight, at::ones({16}), geometry.stride, geometry.padding);
  const at::Tensor bytes = onednn.run(input, 0.5, packed, weights, geometry, at::kByte, 50.0);
  return at::allclose(onednn.run(input, 0.5, packed, weights, geometry, at::kFloat, 1.0), expected, 1e-5) &&
         bytes.scalar_type() == at::kByte && at::equal(bytes.to(at::kFloat), at::round(expected / 50).clamp(0, 255));
}

template <class Operators>
struct Lookup {
  std::optional<Operators> operators;
  std::string reason;
};

template <class Operators>
Lookup<Operators> look_up(bool (*works)(const Operators&), const char* otherwise) {
  Lookup<Operators> found;
  const at::NoGradGuard no_gradients;
  try {
    found.operators.emplace();
    if (!works(*found.operators)) found.reason = otherwise;
  } catch (const c10::Error& error) {
    found.reason = text("this PyTorch's oneDNN convolutions cannot be used: ", error.what_without_backtrace());
  }
  return found;
}

const Lookup<OneDnn>& onednn_operators() {
  static const auto found =
      look_up(answers_correctly, "this PyTorch's mkldnn::_convolution_pointwise means something else");
  return found;
}

const Lookup<OneDnnInt8>& int8_operators() {
  static const auto found = look_up(adds_exactly, "this CPU does not add products of int8 exactly (it has no VNNI)");
  return found;
}

}  // namespace

const std::string& why_no_packed_convolution() { return onednn_operators().reason; }
const std::string& why_no_int8_convolution() { return int8_operators().reason; }

bool onednn_has_int8_tiles() {
  const auto capabilities = at::cpu::get_cpu_capabilities();
  const auto found = capabilities.find("amx_int8");
  return found != capabilities.end() && found->second.isBool() && found->second.toBool();
}

bool onednn_supports_bf16() {
  try {
    return find("mkldnn::_is_mkldnn_bf16_supported", "").typed<bool()>().call();
  } catch (const c10::Error&) {
    return false;
  }
}

at::Tensor pack_weights(const at::Tensor& weight, at::IntArrayRef input_size, const ConvGeometry& geometry) {
  return onednn_operators().operators->pack(weight, input_size, geometry);
}

at::Tensor packed_convolution(const at::Tensor& input, const at::Tensor& packed, const at::Tensor& bias,
                              const at::Tensor& residual, const ConvGeometry& geometry) {
  return onednn_operators().operators->run(input, packed, bias, residual, geometry);
}

Int8Weights to_int8(const at::Tensor& weight, const at::Tensor& bias) {
  const at::Tensor largest = weight.abs().amax(at::IntArrayRef{1, 2, 3});
  Int8Weights rounded;
  // A channel of zeros has any scale.
  rounded.scales = at::where(largest > 0, largest / 127, at::ones_like(largest));
  rounded.zero_points = at::zeros({weight.size(0)}, at::kInt);
  rounded.bias = bias.defined() ? bias.to(at::kFloat) : bias;
  rounded.steps = at::round(weight / rounded.scales.view({-1, 1, 1, 1})).clamp(-127, 127).to(at::kChar);
  return rounded;
}

at::Tensor pack_int8(const Int8Weights& weights, float input_scale, at::IntArrayRef input_size,
                     const ConvGeometry& geometry) {
  return int8_operators().operators->pack(weights, input_scale, input_size, geometry);
}

at::Tensor int8_convolution(const at::Tensor& input, float input_scale, const at::Tensor& packed,
                            const Int8Weights& weights, const ConvGeometry& geometry, at::ScalarType type,
                            float output_scale) {
  return int8_operators().operators->run(input, input_scale, packed, weights, geometry, type, output_scale);
}

}  // namespace throng
