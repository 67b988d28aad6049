#include "reproduce/peak_memory.h"

#include <ATen/DeviceAccelerator.h>

#include <fstream>
#include <string>
#include <string_view>

#include "core/text.h"

namespace throng {

namespace {

// The GPU's allocator; nothing before the first tensor is there.
at::DeviceAllocator* allocator_of(const at::Device& device) {
  if (device.is_cpu()) return nullptr;
  at::DeviceAllocator* allocator = at::getDeviceAllocator(device.type());
  return allocator && allocator->initialized() ? allocator : nullptr;
}

at::DeviceIndex index_of(const at::Device& device) { return device.has_index() ? device.index() : at::DeviceIndex{0}; }

}  // namespace

PeakMemory::PeakMemory(const at::Device& device) : device_(device) {
  if (at::DeviceAllocator* allocator = allocator_of(device)) allocator->resetPeakStats(index_of(device));
  constexpr const char* kResetPeak = "5";
  std::ofstream("/proc/self/clear_refs") << kResetPeak;
}

std::int64_t PeakMemory::bytes() const {
  if (at::DeviceAllocator* allocator = allocator_of(device_)) {
    return allocator->getDeviceStats(index_of(device_)).allocated_bytes[0].peak;
  }
  constexpr std::string_view kKey = "VmHWM:";
  constexpr std::int64_t kKib = 1024;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(kKey)) continue;
    const std::string_view rest = trim(std::string_view(line).substr(kKey.size()));
    std::int64_t kib = 0;
    return parse_number(rest.substr(0, rest.find(' ')), kib) ? kib * kKib : 0;
  }
  return 0;
}

}  // namespace throng
