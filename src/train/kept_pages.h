#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace throng {

/// Blocks of memory cut out of one range of addresses: the smallest free block that is large enough is taken, and
/// blocks that are given back join their free neighbours. Memory once used is kept. Safe to use from all threads.
class KeptPages {
 public:
  /// Reserves addresses for at most `limit` bytes, or for less where the process may not have as many; memory is taken
  /// as blocks need it.
  explicit KeptPages(std::size_t limit);
  KeptPages(const KeptPages&) = delete;
  KeptPages& operator=(const KeptPages&) = delete;
  ~KeptPages();

  /// A block that begins at a page; null where nothing is left.
  void* take(std::size_t bytes);
  /// Whether a block comes from take().
  bool has(const void* block) const { return start_ <= block && block < start_ + limit_; }
  void give_back(void* block);
  /// Gives the free blocks' memory back to the kernel.
  void release();

  std::size_t used() const { return used_; }  ///< bytes of the range that have ever been in a block

 private:
  struct Block {
    std::size_t bytes = 0;
    bool free = false;
  };
  using Blocks = std::map<char*, Block>;

  bool grow(std::size_t bytes);
  void add_free(Blocks::iterator block);
  void remove_free(Blocks::iterator block);

  std::mutex mutex_;
  char* start_ = nullptr;
  std::size_t limit_ = 0, used_ = 0;
  Blocks blocks_;  // all of [start_, start_ + used_)
  std::set<std::pair<std::size_t, char*>> free_;
};

}  // namespace throng
