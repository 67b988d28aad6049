#pragma once

#include <cstdint>

#include "kernels/rows.h"

// How the kernels over rows find their rows and refuse what does not fit.
namespace throng {

inline const void* row_of(const Rows& map, int row) {
  const std::int64_t offset = (row - map.first) * map.row_stride * element_bytes(map.type);
  return static_cast<const char*>(map.data) + offset;
}

inline void* row_of(const RowsOut& map, int row) {
  const std::int64_t offset = (row - map.first) * map.row_stride * element_bytes(map.type);
  return static_cast<char*>(map.data) + offset;
}

/// What a stored number of `in` is multiplied by to be one of `out`.
inline float stored_factor(const Rows& in, const RowsOut& out) {
  const float from = in.type == KernelType::u8 ? in.scale : 1.0F;
  const float to = out.type == KernelType::u8 ? out.scale : 1.0F;
  return from == to ? 1.0F : from / to;
}

// Each throws std::logic_error, which names the kernel, where something does not fit.
void require_type(const char* kernel, KernelType given, KernelType wanted);
void require_channels(const char* kernel, int given, int wanted);
/// Both maps must be of one size.
void require_size(const char* kernel, const Rows& in, const RowsOut& out);
/// The output must have the rows [out.first, out.first + count), and `in` begin no lower than at the row `needed`.
void require_rows(const char* kernel, const Rows& in, int needed, const RowsOut& out, int count);

/// Calls body(row) for every row of the output to be computed.
template <class Body>
void for_each_row(const RowsOut& out, int count, const ParallelFor& parallel, const Body& body) {
  parallel(count, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) body(out.first + static_cast<int>(i));
  });
}

}  // namespace throng
