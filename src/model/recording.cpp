#include "model/recording.h"

#include <ATen/ATen.h>

#include <stdexcept>
#include <utility>

namespace throng {

namespace {

// A multiple of every network's coarsest stride.
constexpr std::int64_t kSide = 128;

thread_local FeatureRecording* current_recording = nullptr;

}  // namespace

FeatureRecording::FeatureRecording() : before_(std::exchange(current_recording, this)) {
  add({.channels = 3}, at::empty({1, 3, kSide, kSide}, at::TensorOptions().dtype(at::kFloat).device(at::kMeta)));
}

FeatureRecording::~FeatureRecording() { current_recording = before_; }

FeatureRecording* FeatureRecording::current() { return current_recording; }

int FeatureRecording::node_of(const at::Tensor& values) const {
  for (std::size_t node = 0; node < values_.size(); ++node) {
    if (values_[node].is_same(values)) return static_cast<int>(node);
  }
  throw std::logic_error("a tensor was computed beside the recording: compute features by model/features.h");
}

at::Tensor FeatureRecording::add(FeatureNode node, at::Tensor values) {
  node.channels = values.size(1);
  graph_.nodes.push_back(std::move(node));
  values_.push_back(std::move(values));
  return values_.back();
}

}  // namespace throng
