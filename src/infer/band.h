#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/rows.h"

namespace throng {

/// Some rows of a feature map: [1, C, n, W], channels-last, dense.
struct MapRows {
  at::Tensor values;
  int first = 0;    ///< the row of the whole map that comes first; negative in the zeros above it
  int height = 0;   ///< of the whole map
  float scale = 1;  ///< what a step of u8 is worth

  int count() const { return static_cast<int>(values.size(2)); }
};

/// As the kernels take them. Throws std::logic_error for a type that they do not know.
Rows rows_of(const MapRows& map);
RowsOut rows_out_of(const MapRows& map);
KernelType kernel_type(at::ScalarType type);

/// What is held of a feature map while its rows come and go: they follow each other in one piece of memory, with rows
/// of zeros above the first and below the last, as many as convolutions read there.
class Band {
 public:
  struct Shape {
    int channels = 0;
    int width = 0;
    int height = 0;    ///< of the whole map
    int margin = 0;    ///< rows of zeros
    int capacity = 0;  ///< rows that are held at most, margins included
    at::ScalarType type = at::kFloat;
    float scale = 1;
  };

  explicit Band(const Shape& shape);
  /// Bytes that a band of this shape takes.
  static std::int64_t bytes(const Shape& shape);

  /// Forgets the rows before `keep_from` and gives the next `count` rows to be filled.
  MapRows append(int count, int keep_from);
  /// Rows [first, last), which must be held; margins are zeros.
  MapRows rows(int first, int last) const;

 private:
  MapRows view(int first, int count) const;
  void move_up();

  Shape shape_;
  at::Tensor memory_;  // [1, C, rows, W], channels-last; more than the capacity, so that rows are seldom moved up
  int origin_;         // the row that lies at its beginning
  int first_;          // the first row that is not forgotten
  int end_ = 0;        // behind the last row that was appended
};

}  // namespace throng
