#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace throng {

class FeatureRecording;

enum class Activation { none, relu };

struct ConvSpec {
  std::int64_t in = 0;   ///< channels
  std::int64_t out = 0;  ///< channels
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t padding = -1;  ///< -1: keeps the size at stride 1
  bool bias = true;
  bool norm = false;  ///< batch normalisation behind the convolution
  Activation activation = Activation::relu;
  double norm_eps = 1e-5;

  /// Rows (or columns) that it makes of so many.
  std::int64_t side_of(std::int64_t side) const {
    const std::int64_t places = side + 2 * padding - dilation * (kernel - 1);
    return places > 0 ? (places - 1) / stride + 1 : 0;
  }
};

/// Batch normalisation: gamma, beta and the running statistics, [out] each.
struct BatchNorm {
  /// The running statistics follow each batch by a tenth (torch's convention).
  static constexpr double kMomentum = 0.1;

  at::Tensor weight;
  at::Tensor bias;
  at::Tensor running_mean;
  at::Tensor running_var;
};

/// How a convolution is computed when it is not trained; inference installs these.
class ConvKernel {
 public:
  virtual ~ConvKernel() = default;
  /// activation(conv(x) + residual); `residual` may be undefined.
  virtual at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const = 0;
};

/// While it lives, the parameters of blocks that are made on this thread lie on that device. On at::kMeta they have
/// shapes and take no memory: a description that nobody vouches for can be looked at before it is believed.
class ParameterDevice {
 public:
  explicit ParameterDevice(at::Device device);
  ParameterDevice(const ParameterDevice&) = delete;
  ParameterDevice& operator=(const ParameterDevice&) = delete;
  ~ParameterDevice();

 private:
  at::Device before_;
};

/// Convolution, optional batch normalisation, optional residual, activation: the one place where a network computes.
/// Every parameter of every network lives in a ConvBlock.
class ConvBlock {
 public:
  ConvBlock() = default;
  explicit ConvBlock(ConvSpec spec);

  /// input [B, in, H, W] -> [B, out, H', W']; `residual` has the result's shape and is added before the activation.
  /// Can be recorded (model/recording.h).
  at::Tensor forward(const at::Tensor& input, const at::Tensor& residual = {}) const;

  const ConvSpec& spec() const { return spec_; }

  /// Where batch normalisation takes its statistics from: the batch (and updates the running ones), or the running
  /// ones.
  void use_batch_statistics(bool on) { batch_statistics_ = on; }

  /// Folds the normalisation into weight and bias; forward() then is one convolution. Not for training.
  void fold_norm();
  void set_kernel(std::unique_ptr<ConvKernel> kernel) { kernel_ = std::move(kernel); }

  at::Tensor weight;  ///< [out, in, kernel, kernel]
  at::Tensor bias;    ///< [out], or undefined
  std::optional<BatchNorm> norm;

 private:
  at::Tensor record(FeatureRecording& recording, const at::Tensor& input, const at::Tensor& residual) const;

  ConvSpec spec_;
  bool batch_statistics_ = false;
  std::unique_ptr<ConvKernel> kernel_;
};

/// Called with each block of a network and its full name ("decoder.block3.0").
using BlockVisitor = std::function<void(const std::string& name, ConvBlock& block)>;

/// One tensor of a block: its name in a model file, and whether an optimiser trains it.
struct NamedTensor {
  std::string name;
  at::Tensor* tensor;
  bool trained;  ///< false for running statistics
};

/// The tensors of one block: NAME.weight, NAME.bias, NAME.norm.{weight,bias,running_mean,running_var}.
std::vector<NamedTensor> block_tensors(const std::string& name, ConvBlock& block);

/// A chain of blocks.
at::Tensor run_chain(const std::vector<ConvBlock>& chain, at::Tensor input);
void visit_chain(std::vector<ConvBlock>& chain, const std::string& name, const BlockVisitor& visit);

}  // namespace throng
