#include <ATen/ATen.h>

#include "infer/layers/convolutions.h"
#include "infer/onednn.h"
#include "kernels/openmp_threads.h"

namespace throng {

void store(const at::Tensor& values, const MapRows& output) {
  const MapRows computed{values.contiguous(at::MemoryFormat::ChannelsLast), output.first, output.height, 1};
  copy(rows_of(computed), rows_out_of(output), output.count(), on_openmp_threads);
}

at::Tensor as_type(const MapRows& rows, at::ScalarType type) {
  if (rows.values.scalar_type() == type) return rows.values;
  const MapRows converted{at::empty_like(rows.values, rows.values.options().dtype(type)), rows.first, rows.height, 1};
  copy(rows_of(rows), rows_out_of(converted), rows.count(), on_openmp_threads);
  return converted.values;
}

std::unique_ptr<Layer> make_convolution(const ConvBlock& block, const EdgeTypes& types) {
  if (types.picture != nullptr) return make_picture_convolution_layer(block, types);
  if (suits_vnni(block, types)) return make_vnni_convolution_layer(block, types);
  if (types.input == at::kByte) return make_int8_convolution_layer(block, types);
  if (suits_winograd(block, types)) return make_winograd_convolution_layer(block, types);
  if (why_no_packed_convolution().empty()) return make_onednn_convolution_layer(block, types);
  return make_plain_convolution_layer(block, types);
}

}  // namespace throng
