#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "infer/counting_network.h"
#include "infer/fitted_grid.h"
#include "infer/pass_memory.h"
#include "infer/profile.h"
#include "throng/image.h"

namespace throng {

/// One look of a network at a picture, perhaps at another size of it.
struct Pass {
  std::optional<Image> copy;  ///< what it looked at, where that is not the picture itself
  Prediction prediction;
  CountedGrid counted;
};

/// The passes over one picture, which must outlive it. What throws, throws as Counter::count.
class Passes {
 public:
  /// `profile`, where there is one, gets the layers of every pass; where there may be `several`, with the pass's name.
  Passes(const CountingNetwork& network, const Image& picture, Profile* profile, bool several)
      : network_(network),
        picture_(picture),
        profile_(profile),
        several_(several),
        memory_(network, size(), PassMemory::Picture::in_use) {}

  /// The pass at `factor` times the picture's size, made when it is first asked for, and kept.
  Pass& kept(double factor);
  bool keeps(double factor) const { return kept_.contains(factor); }
  void forget_all_but(double factor);

  using Take = std::function<void(const CountedGrid& counted)>;
  /// Counts the mirrored picture at a factor that is kept.
  void count_mirrored(double factor, const Take& take);
  /// Counts at a factor, and mirrored as well where that is wanted, and keeps nothing.
  void count_once(double factor, bool mirror, const Take& take);

  /// What a pass looked at.
  const Image& seen(const Pass& pass) const { return pass.copy ? *pass.copy : picture_; }
  ImageSize size() const { return {picture_.width, picture_.height}; }
  const PassMemory& memory() const { return memory_; }

 private:
  Pass look(std::optional<Image> copy, const PassKind& kind) const;

  const CountingNetwork& network_;
  const Image& picture_;
  Profile* profile_;
  bool several_;
  PassMemory memory_;
  std::map<double, Pass> kept_;
};

}  // namespace throng
