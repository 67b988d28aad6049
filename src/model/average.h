#pragma once

#include <optional>
#include <string>

#include "model/source_model.h"

namespace throng {

/// The mean of the weights and running statistics of several models ("model soup": Wortsman et al. 2022), in fp32. That
/// counts well where they are trainings from one start, for only then does a channel mean the same in all of them.
/// They are added one after another: however many there are, two networks at once are in memory.
class ModelMean {
 public:
  /// Throws Error(usage) where it differs from the first in more than weights; the mean is then as it was.
  void add(SourceModel model);

  /// The mean, and an end to adding. Its card says what it was made of, without what was measured of those weights.
  /// Throws Error(usage) for fewer than two.
  LoadedModel take();

 private:
  std::string first_;  // what errors call it
  std::optional<LoadedModel> mean_;
  Json made_of_ = Json::array();
};

}  // namespace throng
