#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Stream.h>
#include <c10/core/StreamGuard.h>

#include <exception>
#include <optional>

namespace throng {

/// A queue of a device's work besides the one that is current. A CPU has none: work is done where it is called for.
class SideStream {
 public:
  explicit SideStream(const at::Device& device);

  /// What `work` gives to the device comes behind what the current stream has been given, and what that is given
  /// afterwards comes behind it. So tensors may go in and out.
  template <class Work>
  void in_turn(const Work& work) const {
    const Turn turn(*this);
    beside(work);
  }

  /// It goes on while the current stream does something else; see join(). What the current stream does not wait for
  /// must not free tensors of this one, or the reverse, but for hand_over().
  template <class Work>
  void beside(const Work& work) const {
    if (!stream_) return work();
    const c10::StreamGuard guard(*stream_);
    work();
  }

  /// What the current stream is given from now on waits for all that this one has been given.
  void join() const;

  /// A tensor made beside is from now on the current stream's: its memory is not used again before that is done.
  void hand_over(const at::Tensor& tensor) const;

 private:
  class Turn {
   public:
    explicit Turn(const SideStream& side) : side_(side) { side_.follow(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      try {
        side_.join();
      } catch (const std::exception&) {  // a device that fails says so again at once
      }
    }

   private:
    const SideStream& side_;
  };

  void follow() const;

  std::optional<c10::Stream> stream_;
};

}  // namespace throng
