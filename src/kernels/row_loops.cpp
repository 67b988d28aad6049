#include "kernels/instruction_set.h"
#include "kernels/row_loops_body.h"

namespace throng {

const RowLoops& portable_row_loops() { return loops; }

const RowLoops& row_loops() {
  static const RowLoops& fastest = []() -> const RowLoops& {
    if (const RowLoops* avx512 = avx512_allowed() ? avx512_row_loops() : nullptr) return *avx512;
    if (const RowLoops* avx2 = avx2_row_loops()) return *avx2;
    return portable_row_loops();
  }();
  return fastest;
}

}  // namespace throng
