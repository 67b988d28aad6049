#include "infer/picture_queue.h"

#include <algorithm>
#include <utility>

namespace throng {

PictureQueue::PictureQueue(Source source, const Options& options) : source_(std::move(source)), options_(options) {
  for (int i = 0; i < std::max(1, options_.threads); ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
}

PictureQueue::~PictureQueue() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

Image PictureQueue::take() {
  if (slots_.empty()) {
    const std::size_t index = admitted_++;  // whatever comes of it
    admit(index, source_.announce(index));
  }
  Slot slot = take_slot();
  held_ -= slot.bytes;
  admit_ahead();
  if (slot.problem) std::rethrow_exception(slot.problem);
  return std::move(slot.image);
}

PictureQueue::Slot PictureQueue::take_slot() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return slots_.front().done; });
  Slot slot = std::move(slots_.front());
  slots_.pop_front();
  return slot;
}

void PictureQueue::admit(std::size_t index, const Announced& announced) {
  held_ += announced.bytes;
  {
    const std::lock_guard lock(mutex_);
    slots_.push_back({.index = index, .bytes = announced.bytes});
  }
  changed_.notify_all();
}

void PictureQueue::admit_ahead() {
  while (admitted_ < source_.size && slots_.size() < options_.pictures) {
    Announced announced;
    try {
      announced = source_.announce(admitted_);
    } catch (...) {
      return;
    }
    if (!fits(announced)) return;
    admit(admitted_++, announced);
  }
}

bool PictureQueue::fits(const Announced& announced) const {
  return announced.ahead && announced.bytes <= options_.bytes - held_;
}

void PictureQueue::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    Slot* slot = nullptr;
    changed_.wait(lock, stop, [&] { return (slot = next_to_decode()) != nullptr; });
    if (stop.stop_requested()) return;
    slot->begun = true;
    lock.unlock();
    decode(*slot);
    lock.lock();
    slot->done = true;
    changed_.notify_all();
  }
}

PictureQueue::Slot* PictureQueue::next_to_decode() {
  const auto found = std::ranges::find(slots_, false, &Slot::begun);
  return found == slots_.end() ? nullptr : &*found;
}

void PictureQueue::decode(Slot& slot) const {
  try {
    slot.image = source_.decode(slot.index);
  } catch (...) {
    slot.problem = std::current_exception();
  }
}

}  // namespace throng
