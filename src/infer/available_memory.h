#pragma once

#include <cstdint>
#include <filesystem>

namespace throng {

/// What this process can still take before the machine, or the control group (container) that it runs in, is out of
/// memory: bytes, the largest number where nothing says so. `root` stands for "/" in tests.
std::int64_t available_memory(const std::filesystem::path& root = "/");

}  // namespace throng
