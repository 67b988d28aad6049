#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "weights/pickle.h"

namespace throng {

/// What a pickle's opcodes work on: the objects, the stack with the marks in it, and the memo. Whatever an opcode wants
/// that is not there throws Error(model), and so does what would take memory out of proportion to the file.
class PickleStack {
 public:
  using Index = std::uint32_t;

  explicit PickleStack(ByteReader& in) : in_(in) {}

  ByteReader& in() { return in_; }
  /// Messages name this place from now on.
  void begin_opcode() { opcode_at_ = in_.position(); }

  /// The sentence names the file and the opcode's place.
  [[noreturn]] void fail(std::string_view what) const;
  /// For what is no damage: something that is not carried out, with a remedy.
  [[noreturn]] void refuse(std::string_view what) const;

  void push(PickleObject object);
  void push_known(Index index) { stack_.push_back(index); }
  Index pop();
  Index top() const;
  void mark() { marks_.push_back(stack_.size()); }
  std::vector<Index> pop_to_mark();

  const PickleObject& operator[](Index index) const { return pickle_[index]; }
  /// An object that has to be of this kind; `what` names it in the message.
  PickleObject& at(Index index, PickleObject::Kind kind, std::string_view what);

  /// Adds items to the list or dict on top. An opaque object that is filled becomes one: classes derived from these are
  /// written so.
  void append(const std::vector<Index>& items, PickleObject::Kind kind, std::string_view what);

  void remember(std::uint64_t slot);  ///< the value on top
  void remember_next() { remember(memo_.size()); }
  void recall(std::uint64_t slot);

  /// Ends the pickle with the value on top as its root.
  Pickle finish();

 private:
  ByteReader& in_;
  std::uint64_t opcode_at_ = 0;
  Pickle pickle_;
  std::vector<Index> stack_;
  std::vector<std::size_t> marks_;
  std::vector<Index> memo_;

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
};

}  // namespace throng
