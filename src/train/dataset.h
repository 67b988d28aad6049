#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/sample.h"
#include "train/config.h"

namespace throng {

/// What an experiment trains on and is judged by.
struct Dataset {
  std::shared_ptr<const SampleSource> training;  ///< annotated images, then rendered scenes
  std::vector<ManifestEntry> validation;         ///< never trained on; may be empty
  std::string name;
  std::string sha256;  ///< of the manifest
  std::int64_t images = 0;
  std::int64_t scenes = 0;
};

/// Reads the manifest, takes data.limit images by seeded order, cuts off the validation images (a group stays on one
/// side), mixes rendered scenes in. Throws Error(usage) when nothing is left to train on.
Dataset make_dataset(const DataConfig& config, std::uint64_t seed);

}  // namespace throng
