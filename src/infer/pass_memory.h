#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "image/image_size.h"
#include "infer/counting_network.h"

namespace throng {

/// One look of a network at a picture: at `factor` times its size, mirrored or not, or at the smaller copy of that
/// which an interval takes.
struct PassKind {
  double factor = 1;
  bool mirrored = false;
  bool for_interval = false;

  /// Whether it looks at a copy.
  bool copies() const { return factor != 1 || mirrored || for_interval; }
};

/// The looks at a picture that follow the first at some factor.
struct OtherLooks {
  bool mirrored = false;
  bool for_interval = false;
};

/// "mirrored and at 2 times its size", "for its interval"
std::string describe(const PassKind& kind);

/// Runs `work` of that pass. What it throws as Error(failure) may name a size that the user's picture does not have,
/// and so gets the name of the pass.
void telling_the_pass(const PassKind& kind, const std::function<void()>& work);

/// What passes over a picture take together, before they are made and as they are.
class PassMemory {
 public:
  enum class Picture { in_use, to_come };

  PassMemory(const CountingNetwork& network, ImageSize picture, Picture state)
      : network_(network), picture_(picture), state_(state) {}

  /// Throws Error(failure) where that pass would need more memory than it may take beside the picture and what is kept,
  /// or would look at a copy of more pixels than pictures may have.
  void check(const PassKind& kind) const;
  /// Likewise for the first passes, of which the first is kept.
  void check_first(double factor, const OtherLooks& looks) const;

  /// A pass that is not mirrored has been made, and its copy and its prediction are kept.
  void keep(double factor);
  void forget(double factor) { kept_.erase(factor); }

  /// Bytes beside the image that a pass looks at and what its network takes.
  std::int64_t beside(const PassKind& kind) const;

 private:
  const CountingNetwork& network_;
  ImageSize picture_;
  Picture state_;
  std::map<double, std::int64_t> kept_;  ///< bytes, by factor
};

}  // namespace throng
