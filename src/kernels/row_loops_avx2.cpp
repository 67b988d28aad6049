#include "kernels/row_loops_body.h"

namespace throng {

const RowLoops* avx2_row_loops() { return __builtin_cpu_supports("avx2") ? &loops : nullptr; }

}  // namespace throng
