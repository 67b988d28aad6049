#include "infer/device.h"

#include <ATen/Context.h>
#include <ATen/cpu/Utils.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/DeviceGuard.h>

#include "core/text.h"
#include "infer/onednn.h"
#include "throng/error.h"

namespace throng {

at::Device torch_device(const Device& wanted) {
  const bool cuda = at::hasCUDA();
  if (wanted.kind == Device::Kind::cpu || (wanted.kind == Device::Kind::automatic && !cuda)) return {at::kCPU};
  const int count = cuda ? static_cast<int>(at::getNumGPUs()) : 0;
  if (wanted.index >= count) {
    throw Error(ErrorKind::usage, text("device ", to_string(wanted), " is not there: this machine has ", count,
                                       " CUDA devices that PyTorch can use; set \"device\" to cpu"));
  }
  return {at::kCUDA, static_cast<at::DeviceIndex>(wanted.index)};
}

bool has_native_bf16(const at::Device& device) {
  if (device.is_cuda()) {
    const c10::DeviceGuard guard(device);
    return at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
  }
  // oneDNN alone says yes on any AVX-512, where it emulates bf16 at a third of fp32's speed.
  const auto capabilities = at::cpu::get_cpu_capabilities();
  const auto has = [&](const char* name) {
    const auto found = capabilities.find(name);
    return found != capabilities.end() && found->second.isBool() && found->second.toBool();
  };
  return (has("avx512_bf16") || has("amx_bf16")) && onednn_supports_bf16();
}

namespace {

// Empty where int8 can be used; else why not, and what to do.
std::string why_not_int8(const at::Device& device, bool calibrated) {
  if (device.is_cuda()) return "a GPU does not count in int8 here: set \"precision\" to bf16 or auto";
  if (!calibrated) {
    return "this model is not calibrated for int8: do it with 'throng model quantize', or count "
           "with --precision auto";
  }
  if (why_no_int8_convolution().empty()) return "";
  return text(why_no_int8_convolution(), ": set \"precision\" to fp32 or auto");
}

}  // namespace

Precision choose_precision(Precision wanted, const at::Device& device, bool calibrated) {
  if (wanted == Precision::fp32) return wanted;
  if (wanted == Precision::fp16) {
    if (!device.is_cpu()) return wanted;
    throw Error(ErrorKind::usage, "fp16 is for GPUs; a CPU has bf16 or int8: set \"precision\" to auto");
  }
  if (wanted == Precision::int8 || wanted == Precision::automatic) {
    const std::string problem = why_not_int8(device, calibrated);
    if (problem.empty()) return Precision::int8;
    if (wanted == Precision::int8) throw Error(ErrorKind::usage, problem);
  }
  const bool native = has_native_bf16(device);
  if (wanted == Precision::automatic) return native ? Precision::bf16 : Precision::fp32;
  if (!native) {
    throw Error(ErrorKind::usage, text("this ", device.is_cuda() ? "GPU" : "CPU", " does not multiply bf16 in hardware",
                                       device.is_cuda() ? "" : " (it has neither avx512_bf16 nor amx_bf16)",
                                       ", so bf16 would be slower than fp32: set \"precision\" to fp32 or auto"));
  }
  return wanted;
}

}  // namespace throng
