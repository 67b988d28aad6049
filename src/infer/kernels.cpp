#include "infer/kernels.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>

#include <optional>
#include <string_view>
#include <vector>

#include "core/text.h"

namespace throng {

namespace {

using Scalars = c10::List<std::optional<at::Scalar>>;
using Sizes = std::vector<std::int64_t>;

using PackSignature = at::Tensor(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, std::int64_t,
                                 at::OptionalIntArrayRef);
using ConvSignature = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                                 at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, std::int64_t, std::string_view,
                                 Scalars, std::optional<std::string_view>);
using ConvAddSignature = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&,
                                    const std::optional<at::Tensor>&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef,
                                    std::int64_t, std::string_view, std::optional<at::Scalar>,
                                    std::optional<std::string_view>, Scalars, std::optional<std::string_view>);

struct Geometry {
  Sizes stride;
  Sizes padding;
  Sizes dilation = {1, 1};
  bool relu = false;
};

Geometry geometry_of(const ConvSpec& spec) {
  return {.stride = Sizes(2, spec.stride),
          .padding = Sizes(2, spec.padding),
          .dilation = Sizes(2, spec.dilation),
          .relu = spec.activation == Activation::relu};
}

// PyTorch's internal oneDNN operators, behind one call.
class OneDnn {
 public:
  OneDnn()
      : pack_(find("mkldnn::_reorder_convolution_weight", "").typed<PackSignature>()),
        conv_(find("mkldnn::_convolution_pointwise", "").typed<ConvSignature>()),
        conv_add_(find("mkldnn::_convolution_pointwise", "binary").typed<ConvAddSignature>()) {}

  /// For inputs of one size: the layout of packed weights depends on it, and weights in another one are repacked by a
  /// reference routine at every call.
  at::Tensor pack(const at::Tensor& weight, at::IntArrayRef input_size, const Geometry& at) const {
    return pack_.call(weight, at.padding, at.stride, at.dilation, 1, input_size);
  }

  at::Tensor run(const at::Tensor& input, const at::Tensor& packed, const at::Tensor& bias, const at::Tensor& residual,
                 const Geometry& at) const {
    if (!residual.defined()) {
      return conv_.call(input, packed, bias, at.padding, at.stride, at.dilation, 1, at.relu ? "relu" : "none",
                        Scalars(), std::nullopt);
    }
    const std::optional<std::string_view> unary = at.relu ? std::optional<std::string_view>("relu") : std::nullopt;
    return conv_add_.call(input, residual, packed, bias, at.padding, at.stride, at.dilation, 1, "add", std::nullopt,
                          unary, Scalars(), std::nullopt);
  }

 private:
  static c10::OperatorHandle find(const char* name, const char* overload) {
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
  }

  c10::TypedOperatorHandle<PackSignature> pack_;
  c10::TypedOperatorHandle<ConvSignature> conv_;
  c10::TypedOperatorHandle<ConvAddSignature> conv_add_;
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
  const Geometry geometry{.stride = {2, 2}, .padding = {1, 1}, .relu = true};
  const at::Tensor packed = onednn.pack(weight, input.sizes(), geometry);
  const at::Tensor expected = at::conv2d(input, weight, bias, geometry.stride, geometry.padding);
  return at::allclose(onednn.run(input, packed, bias, {}, geometry), at::relu(expected), 1e-4, 1e-4) &&
         at::allclose(onednn.run(input, packed, bias, residual, geometry), at::relu(expected + residual), 1e-4, 1e-4);
}

struct Lookup {
  std::optional<OneDnn> onednn;
  std::string reason;
};

Lookup look_up() {
  Lookup found;
  const at::NoGradGuard no_gradients;
  try {
    found.onednn.emplace();
    if (!answers_correctly(*found.onednn))
      found.reason = "this PyTorch's mkldnn::_convolution_pointwise means something else";
  } catch (const c10::Error& error) {
    found.reason = text("this PyTorch's oneDNN convolutions cannot be used: ", error.what_without_backtrace());
  }
  return found;
}

const Lookup& onednn_operators() {
  static const Lookup found = look_up();
  return found;
}

at::Tensor as_type(const at::Tensor& tensor, at::ScalarType type) {
  return tensor.defined() ? tensor.to(type) : tensor;
}

class PackedConvolution final : public ConvKernel {
 public:
  PackedConvolution(const ConvBlock& block, at::ScalarType type, at::ScalarType result)
      : onednn_(*onednn_operators().onednn),
        geometry_(geometry_of(block.spec())),
        weight_(block.weight.to(type)),
        bias_(as_type(block.bias, type)),
        type_(type),
        result_(result) {}

  at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const override {
    const at::Tensor converted = input.to(type_);
    if (converted.sizes() != packed_for_) {
      packed_ = onednn_.pack(weight_, converted.sizes(), geometry_);
      packed_for_ = converted.sizes().vec();
    }
    return onednn_.run(converted, packed_, bias_, residual, geometry_).to(result_);
  }

 private:
  const OneDnn& onednn_;
  Geometry geometry_;
  at::Tensor weight_;
  at::Tensor bias_;
  at::ScalarType type_;
  at::ScalarType result_;
  // The weights as the last input's size needs them: images of equal size follow each other in practice.
  mutable at::Tensor packed_;
  mutable Sizes packed_for_;
};

class PlainConvolution final : public ConvKernel {
 public:
  PlainConvolution(const ConvBlock& block, at::ScalarType type, at::ScalarType result)
      : geometry_(geometry_of(block.spec())),
        weight_(block.weight.to(type).contiguous(at::MemoryFormat::ChannelsLast)),
        bias_(as_type(block.bias, type)),
        type_(type),
        result_(result) {}

  at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const override {
    at::Tensor output =
        at::conv2d(input.to(type_), weight_, bias_, geometry_.stride, geometry_.padding, geometry_.dilation);
    if (residual.defined()) output.add_(residual);
    if (geometry_.relu) output.relu_();
    return output.to(result_);
  }

 private:
  Geometry geometry_;
  at::Tensor weight_;
  at::Tensor bias_;
  at::ScalarType type_;
  at::ScalarType result_;
};

}  // namespace

const std::string& why_no_packed_convolution() { return onednn_operators().reason; }

bool onednn_supports_bf16() {
  try {
    return c10::Dispatcher::singleton()
        .findSchemaOrThrow("mkldnn::_is_mkldnn_bf16_supported", "")
        .typed<bool()>()
        .call();
  } catch (const c10::Error&) {
    return false;
  }
}

std::unique_ptr<ConvKernel> make_packed_convolution(const ConvBlock& block, at::ScalarType type,
                                                    at::ScalarType result) {
  return std::make_unique<PackedConvolution>(block, type, result);
}

std::unique_ptr<ConvKernel> make_plain_convolution(const ConvBlock& block, at::ScalarType type, at::ScalarType result) {
  return std::make_unique<PlainConvolution>(block, type, result);
}

}  // namespace throng
