#pragma once

#include <cstddef>
#include <new>

namespace throng {

/// Begins every block at a cache line, so that no vector of 64 bytes lies across two.
template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  AlignedAllocator() = default;
  template <class U>
  // NOLINTNEXTLINE(google-explicit-constructor): the standard asks for this conversion
  AlignedAllocator(const AlignedAllocator<U>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* data, std::size_t) { ::operator delete(data, alignment); }
  bool operator==(const AlignedAllocator&) const = default;
};

}  // namespace throng
