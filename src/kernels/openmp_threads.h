#pragma once

#include <cstdint>
#include <functional>

namespace throng {

/// A ParallelFor on the threads that OpenMP gives the calling thread: where libtorch is loaded, those that it computes
/// with. Each gets one range. Runs `work` on this thread alone where there is no OpenMP, or inside of its work.
/// Rethrows the first exception.
void on_openmp_threads(std::int64_t count, const std::function<void(std::int64_t begin, std::int64_t end)>& work);

}  // namespace throng
