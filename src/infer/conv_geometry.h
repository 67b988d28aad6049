#pragma once

#include <cstdint>
#include <vector>

#include "model/conv_block.h"

namespace throng {

/// Where a convolution's window goes, by dimension: rows, columns.
struct ConvGeometry {
  std::vector<std::int64_t> stride, padding, dilation;
  bool relu = false;
};

/// `vertical`: whether rows of zeros are added above and below; bands hold them already.
inline ConvGeometry geometry_of(const ConvSpec& spec, bool vertical) {
  return {.stride = {spec.stride, spec.stride},
          .padding = {vertical ? spec.padding : 0, spec.padding},
          .dilation = {spec.dilation, spec.dilation},
          .relu = spec.activation == Activation::relu};
}

}  // namespace throng
