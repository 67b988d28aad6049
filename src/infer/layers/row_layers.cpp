#include <stdexcept>

#include "infer/layers/layer.h"
#include "infer/row_plan.h"
#include "kernels/openmp_threads.h"
#include "kernels/rows.h"

namespace throng {

namespace {

class PoolLayer final : public Layer {
 public:
  explicit PoolLayer(const FeatureNode& node) : window_(pool_window(node)) {}
  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    max_pool(rows_of(inputs[0]), rows_out_of(output), output.count(), window_, on_openmp_threads);
  }

 private:
  PoolWindow window_;
};

class ResizeLayer final : public Layer {
 public:
  explicit ResizeLayer(const FeatureNode& node) : rule_(resize_rule(node)) {}
  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    resize(rows_of(inputs[0]), rows_out_of(output), output.count(), rule_, on_openmp_threads);
  }

 private:
  ResizeRule rule_;
};

class ConcatLayer final : public Layer {
 public:
  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    RowsOut part = rows_out_of(output);
    auto* bytes = static_cast<std::byte*>(part.data);
    for (const MapRows& input : inputs) {
      const Rows from = rows_of(input);
      part.channels = from.channels;
      part.data = bytes;
      copy(from, part, output.count(), on_openmp_threads);
      bytes += from.channels * element_bytes(part.type);
    }
  }
};

class SigmoidLayer final : public Layer {
 public:
  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    sigmoid(rows_of(inputs[0]), rows_out_of(output), output.count(), on_openmp_threads);
  }
};

class ProductLayer final : public Layer {
 public:
  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    multiply(rows_of(inputs[0]), rows_of(inputs[1]), rows_out_of(output), output.count(), on_openmp_threads);
  }
};

}  // namespace

std::unique_ptr<Layer> make_row_layer(const FeatureNode& node) {
  switch (node.kind) {
    case FeatureNode::Kind::pool:
      return std::make_unique<PoolLayer>(node);
    case FeatureNode::Kind::resize:
      return std::make_unique<ResizeLayer>(node);
    case FeatureNode::Kind::concat:
      return std::make_unique<ConcatLayer>();
    case FeatureNode::Kind::sigmoid:
      return std::make_unique<SigmoidLayer>();
    case FeatureNode::Kind::product:
      return std::make_unique<ProductLayer>();
    case FeatureNode::Kind::image:
    case FeatureNode::Kind::convolution:
      break;
  }
  throw std::logic_error("the image and convolutions are no row layers");
}

}  // namespace throng
