#pragma once

#include <span>
#include <string>

#include "model/model_file.h"

namespace throng {

/// A model, and what errors call it.
struct NamedModel {
  std::string name;
  LoadedModel loaded;
};

/// The mean of the weights and running statistics of several models ("model soup": Wortsman et al. 2022), in fp32. That
/// counts well where they are trainings from one start, for only then does a channel mean the same in all of them.
/// Its card is the first one's without what was measured of those weights.
/// Throws Error(usage) for fewer than two, and where one differs from the first in more than weights.
LoadedModel average(std::span<NamedModel> models);

}  // namespace throng
