#include "train/step_memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <unistd.h>

#include <atomic>

#include "train/kept_pages.h"

namespace throng {

namespace {

// Smaller tensors come and go within the C library's own heap.
constexpr std::size_t kSmall = std::size_t{64} << 10;

std::size_t physical_memory() {
  return static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Never destroyed: tensors may live until the process ends.
KeptPages& kept_pages() {
  static KeptPages* pages = new KeptPages(physical_memory());
  return *pages;
}

// Blocks of both kinds reach it, for oneDNN frees through whatever allocator is there at the time.
void give_back(void* block) {
  if (kept_pages().has(block)) {
    kept_pages().give_back(block);
  } else {
    c10::free_cpu(block);
  }
}

/// libtorch's own allocator, but for large blocks while somebody uses kept pages.
class KeptAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    void* block = users_ > 0 && bytes >= kSmall ? kept_pages().take(bytes) : nullptr;
    if (block == nullptr) block = c10::alloc_cpu(bytes);
    return {block, block, &give_back, at::Device(at::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
  void copy_data(void* target, const void* source, std::size_t bytes) const override {
    default_copy_data(target, source, bytes);
  }

  void begin() { ++users_; }
  void end() {
    if (--users_ == 0) kept_pages().release();
  }

 private:
  std::atomic<int> users_ = 0;
};

// Once there it stays, since what came from it may be freed through it at any time.
KeptAllocator& kept_allocator() {
  static KeptAllocator* allocator = [] {
    auto* made = new KeptAllocator;
    c10::SetCPUAllocator(made);
    return made;
  }();
  return *allocator;
}

}  // namespace

StepMemory::StepMemory() { kept_allocator().begin(); }
StepMemory::~StepMemory() { kept_allocator().end(); }

}  // namespace throng
