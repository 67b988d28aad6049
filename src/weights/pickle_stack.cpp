#include "weights/pickle_stack.h"

#include <limits>
#include <utility>

#include "core/text.h"

namespace throng {

namespace {

using Kind = PickleObject::Kind;

// A checkpoint of thousands of tensors has some hundred thousand objects; the limit keeps a hostile one from eating
// memory that is many times its size.
constexpr std::size_t kMaxObjects = 1'000'000;
constexpr PickleStack::Index kNoMemo = std::numeric_limits<PickleStack::Index>::max();

}  // namespace

void PickleStack::fail(std::string_view what) const {
  in_.file().fail(text("the pickle at byte ", opcode_at_, " ", what));
}

void PickleStack::refuse(std::string_view what) const {
  fail(text(what,
            ", which a dict of tensors does not need; code in pickles is never run. Save the weights alone, with "
            "torch.save(model.state_dict(), path), or as safetensors"));
}

void PickleStack::push(PickleObject object) {
  if (pickle_.objects.size() == kMaxObjects) fail(text("makes more than ", kMaxObjects, " objects"));
  pickle_.objects.push_back(std::move(object));
  stack_.push_back(static_cast<Index>(pickle_.objects.size() - 1));
}

PickleStack::Index PickleStack::pop() {
  if (stack_.size() <= floor()) fail("takes a value from an empty stack; the file is damaged");
  const Index top = stack_.back();
  stack_.pop_back();
  return top;
}

PickleStack::Index PickleStack::top() const {
  if (stack_.size() <= floor()) fail("uses a value of an empty stack; the file is damaged");
  return stack_.back();
}

std::vector<PickleStack::Index> PickleStack::pop_to_mark() {
  if (marks_.empty()) fail("has no mark where one is needed; the file is damaged");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<Index> items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return items;
}

PickleObject& PickleStack::at(Index index, PickleObject::Kind kind, std::string_view what) {
  PickleObject& object = pickle_.objects[index];
  if (object.kind != kind) fail(text("needs ", what, " and finds another object; the file is damaged"));
  return object;
}

void PickleStack::append(const std::vector<Index>& items, PickleObject::Kind kind, std::string_view what) {
  PickleObject& object = pickle_.objects[top()];
  if (object.kind == Kind::opaque) object.kind = kind;
  std::vector<Index>& to = at(top(), kind, what).items;
  to.insert(to.end(), items.begin(), items.end());
}

void PickleStack::remember(std::uint64_t slot) {
  if (slot >= kMaxObjects) fail(text("uses memo slot ", slot, ", more than a file of weights can have"));
  if (slot >= memo_.size()) memo_.resize(slot + 1, kNoMemo);
  memo_[slot] = top();
}

void PickleStack::recall(std::uint64_t slot) {
  if (slot >= memo_.size() || memo_[slot] == kNoMemo) fail(text("uses memo slot ", slot, " before it is filled"));
  stack_.push_back(memo_[slot]);
}

Pickle PickleStack::finish() {
  pickle_.root = pop();
  if (!stack_.empty() || !marks_.empty()) fail("ends with values left over; the file is damaged");
  return std::move(pickle_);
}

}  // namespace throng
