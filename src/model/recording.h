#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "model/resize.h"

namespace throng {

class ConvBlock;

/// A square window of max pooling.
struct Pooling {
  std::int64_t kernel = 2;
  std::int64_t stride = 2;
  std::int64_t padding = 0;
  bool round_up = false;  ///< whether cells at the end that fill no whole window give one more
};

/// One step of the local part of a network: what is computed, from which nodes before it.
struct FeatureNode {
  enum class Kind { image, convolution, pool, concat, resize, sigmoid, product };

  Kind kind = Kind::image;
  std::vector<int> inputs = {};      ///< convolution: input, then residual if any; product: features, then 1 channel
  std::int64_t channels = 0;         ///< of what it gives
  const ConvBlock* block = nullptr;  ///< of a convolution; owned by the network
  Pooling pooling = {};
  std::optional<ResizeMode> bilinear = {};  ///< of a resize: how, or by nearest
  int like = -1;                            ///< of a resize: the node whose size it takes
};

/// The local part of a network as data: nodes in an order in which each stands behind its inputs. The first is the
/// image.
struct FeatureGraph {
  std::vector<FeatureNode> nodes;
};

/// While it lives, what networks compute on this thread from tensors on at::kMeta is written down: maps() of a
/// network, run once on an image without numbers, gives its graph.
class FeatureRecording {
 public:
  FeatureRecording();
  FeatureRecording(const FeatureRecording&) = delete;
  FeatureRecording& operator=(const FeatureRecording&) = delete;
  ~FeatureRecording();

  /// The image [1, 3, 128, 128] to start from.
  const at::Tensor& image() const { return values_.front(); }
  /// Which node gives a tensor; throws std::logic_error for one that none gives.
  int node_of(const at::Tensor& values) const;
  const FeatureGraph& graph() const { return graph_; }

  /// The recording of this thread, or none.
  static FeatureRecording* current();
  /// Adds a node and gives `values`, which stand for it.
  at::Tensor add(FeatureNode node, at::Tensor values);

 private:
  FeatureGraph graph_;
  std::vector<at::Tensor> values_;  // one per node; kept, so that each is a tensor of its own
  FeatureRecording* before_;
};

}  // namespace throng
