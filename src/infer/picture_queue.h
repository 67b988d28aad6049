#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "throng/image.h"

namespace throng {

/// Pictures decoded ahead of whoever counts them, by threads that call nothing of torch. They come out in their order,
/// and what goes wrong with one is thrown where that one is taken. For one taking thread.
class PictureQueue {
 public:
  /// What is known of a picture before it is decoded.
  struct Announced {
    std::int64_t bytes = 0;  ///< that its pixels will take
    bool ahead = true;       ///< false for what must not be touched before its turn, such as a pipe
  };

  /// Where pictures come from, by index.
  struct Source {
    std::size_t size = 0;
    /// Throws for a picture that must not be decoded. Called in the taking thread. What it throws when asked ahead of a
    /// picture's turn is forgotten and it is asked again at the turn, when no other picture is held: until then memory
    /// may be taken by those.
    std::function<Announced(std::size_t)> announce;
    /// Called in a decoding thread.
    std::function<Image(std::size_t)> decode;
  };

  struct Options {
    int threads = 1;
    /// Bytes of pixels that are held at most besides the picture taken last; larger pictures are decoded at their turn.
    std::int64_t bytes = std::int64_t{128} << 20;
    std::size_t pictures = 4;  ///< that are held at most
  };

  PictureQueue(Source source, const Options& options);
  PictureQueue(const PictureQueue&) = delete;
  PictureQueue& operator=(const PictureQueue&) = delete;
  /// Drops what is held, and waits for a picture that is being decoded.
  ~PictureQueue();

  /// The next picture; call it `size` times. Rethrows what announcing or decoding it threw; the next call goes on with
  /// the picture behind it.
  Image take();

 private:
  struct Slot {
    std::size_t index = 0;
    std::int64_t bytes = 0;
    bool begun = false;
    bool done = false;
    Image image = {};
    std::exception_ptr problem = {};
  };

  Slot take_slot();
  void admit(std::size_t index, const Announced& announced);
  void admit_ahead();
  bool fits(const Announced& announced) const;
  void work(const std::stop_token& stop);
  Slot* next_to_decode();
  void decode(Slot& slot) const;

  // Of the taking thread.
  Source source_;
  Options options_;
  std::size_t admitted_ = 0;  ///< index of the first picture that has had no slot
  std::int64_t held_ = 0;     ///< bytes of the pictures in slots

  std::mutex mutex_;
  std::condition_variable_any changed_;
  /// In order. The taking thread alone pushes and pops, at the ends, so it may look at the size without the mutex, and
  /// decoding threads may keep a reference.
  std::deque<Slot> slots_;
  std::vector<std::jthread> threads_;  ///< last, so that they end first
};

}  // namespace throng
