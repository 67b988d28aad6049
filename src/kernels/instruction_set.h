#pragma once

namespace throng {

/// Whether kernels may use AVX-512 (F, BW, VL, DQ, and FMA): the processor has it, and ONEDNN_MAX_CPU_ISA, by which
/// users and tests hold oneDNN back, does not name less.
bool avx512_allowed();

/// The same with VNNI, products of bytes that are added in 32 bits.
bool avx512_vnni_allowed();

}  // namespace throng
