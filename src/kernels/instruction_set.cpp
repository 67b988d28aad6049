#include "kernels/instruction_set.h"

#include <cstdlib>
#include <string_view>

namespace throng {

bool avx512_allowed() {
  static const bool allowed = [] {
    const char* const most = std::getenv("ONEDNN_MAX_CPU_ISA");
    const std::string_view name = most != nullptr ? most : "";
    if (name.starts_with("SSE") || name.starts_with("sse") || name.starts_with("AVX2") || name.starts_with("avx2") ||
        name == "AVX" || name == "avx") {
      return false;
    }
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
  }();
  return allowed;
}

bool avx512_vnni_allowed() {
  static const bool allowed = [] {
    const char* const most = std::getenv("ONEDNN_MAX_CPU_ISA");
    const std::string_view name = most != nullptr ? most : "";
    return avx512_allowed() && name != "AVX512_CORE" && name != "avx512_core" && __builtin_cpu_supports("avx512vnni");
  }();
  return allowed;
}

}  // namespace throng
