#pragma once

namespace throng {

/// Whether kernels may use AVX-512 (F, BW, VL, DQ, and FMA): the processor has it, and ONEDNN_MAX_CPU_ISA, by which
/// users and tests hold oneDNN back, does not name less.
bool avx512_allowed();

}  // namespace throng
