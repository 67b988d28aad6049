#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "model/encoder.h"
#include "model/networks/network.h"

namespace throng {

/// A network with one output at 1/8: an encoder, a chain of convolutions, a 1x1 to the density. Nothing is mixed.
class SingleMap : public Network {
 public:
  NetworkMaps maps(const at::Tensor& image) const override;
  Prediction mix(const NetworkMaps& maps) const override;
  void visit(const BlockVisitor& visit) override;
  const Hierarchy& hierarchy() const override { return hierarchy_; }

 protected:
  /// `body_name` leads the names of the chain's blocks; `last` stands behind the 1x1.
  SingleMap(std::unique_ptr<Encoder> encoder, std::int64_t in, std::vector<ConvSpec> body, const char* body_name,
            Activation last);
  /// What the chain sees, at 1/8.
  virtual at::Tensor features(const EncoderTaps& taps) const = 0;

 private:
  std::unique_ptr<Encoder> encoder_;
  std::vector<ConvBlock> body_, head_;
  const char* body_name_;
  Hierarchy hierarchy_;
};

}  // namespace throng
