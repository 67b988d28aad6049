#include "train/kept_pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <iterator>

namespace throng {

namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kGrowth = std::size_t{32} << 20;  // whole huge pages

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

KeptPages::KeptPages(std::size_t limit) {
  // Addresses alone cost nothing, but a process may be limited in them too.
  for (limit_ = round_up(limit, kGrowth); limit_ >= kGrowth; limit_ = limit_ / 2 / kGrowth * kGrowth) {
    void* range = ::mmap(nullptr, limit_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) continue;
    start_ = static_cast<char*>(range);
    return;
  }
  limit_ = 0;
}

KeptPages::~KeptPages() {
  if (start_ != nullptr) ::munmap(start_, limit_);
}

void* KeptPages::take(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes = round_up(std::max<std::size_t>(bytes, 1), kPage);
  auto found = free_.lower_bound({bytes, nullptr});
  if (found == free_.end()) {
    if (!grow(bytes)) return nullptr;
    found = free_.lower_bound({bytes, nullptr});
  }
  const auto block = blocks_.find(found->second);
  remove_free(block);
  if (block->second.bytes > bytes) {
    const auto rest = blocks_.emplace(block->first + bytes, Block{block->second.bytes - bytes}).first;
    block->second.bytes = bytes;
    add_free(rest);
  }
  return block->first;
}

void KeptPages::give_back(void* block) {
  const std::lock_guard lock(mutex_);
  add_free(blocks_.find(static_cast<char*>(block)));
}

void KeptPages::release() {
  const std::lock_guard lock(mutex_);
  for (const auto& [bytes, block] : free_) ::madvise(block, bytes, MADV_DONTNEED);
}

// Adds to the free block at the end of the range as much as `bytes` needs.
bool KeptPages::grow(std::size_t bytes) {
  const bool joins = !blocks_.empty() && std::prev(blocks_.end())->second.free;
  const std::size_t there = joins ? std::prev(blocks_.end())->second.bytes : 0;
  const std::size_t more = round_up(bytes - std::min(bytes, there), kGrowth);
  if (more > limit_ - used_ || more < bytes - std::min(bytes, there)) return false;
  char* end = start_ + used_;
  if (::mprotect(end, more, PROT_READ | PROT_WRITE) != 0) return false;
  ::madvise(end, more, MADV_HUGEPAGE);  // a wish
  used_ += more;
  add_free(blocks_.emplace(end, Block{more}).first);
  return true;
}

// Joins it with free neighbours.
void KeptPages::add_free(Blocks::iterator block) {
  if (const auto next = std::next(block); next != blocks_.end() && next->second.free) {
    remove_free(next);
    block->second.bytes += next->second.bytes;
    blocks_.erase(next);
  }
  if (block != blocks_.begin() && std::prev(block)->second.free) {
    const auto before = std::prev(block);
    remove_free(before);
    before->second.bytes += block->second.bytes;
    blocks_.erase(block);
    block = before;
  }
  block->second.free = true;
  free_.emplace(block->second.bytes, block->first);
}

void KeptPages::remove_free(Blocks::iterator block) {
  free_.erase({block->second.bytes, block->first});
  block->second.free = false;
}

}  // namespace throng
