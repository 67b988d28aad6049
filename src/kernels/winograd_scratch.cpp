#include "kernels/winograd_scratch.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace throng::winograd {

Scratch::~Scratch() { std::free(data_); }

float* Scratch::floats(std::size_t count) {
  if (count <= count_) return data_;
  std::free(data_);
  data_ = nullptr;
  count_ = 0;
  constexpr std::size_t huge_page = std::size_t{1} << 21;
  const std::size_t alignment = count * sizeof(float) >= huge_page / 2 ? huge_page : 4096;
  const std::size_t bytes = (count * sizeof(float) + alignment - 1) / alignment * alignment;
  data_ = static_cast<float*>(std::aligned_alloc(alignment, bytes));
  if (data_ == nullptr) throw std::bad_alloc();
  count_ = bytes / sizeof(float);
  // Only a wish: a tile's values are spread over as many pages as it has values.
  if (alignment == huge_page) madvise(data_, bytes, MADV_HUGEPAGE);
  return data_;
}

}  // namespace throng::winograd
