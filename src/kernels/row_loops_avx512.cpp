#include "kernels/row_loops_body.h"

namespace throng {

const RowLoops* avx512_row_loops() {
  const bool supported = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  return supported ? &loops : nullptr;
}

}  // namespace throng
