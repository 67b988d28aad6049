#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "data/sample.h"
#include "train/config.h"

namespace throng {

/// What an experiment trains on and is judged by.
struct Dataset {
  std::shared_ptr<const SampleSource> training;  ///< annotated images, then rendered scenes
  std::vector<ManifestEntry> annotated;          ///< the images that are trained on
  std::vector<ManifestEntry> validation;         ///< never trained on; may be empty; people() is known of each
  std::string name;
  std::string sha256;  ///< of the manifest
  std::int64_t images = 0;
  std::int64_t scenes = 0;
};

/// Reads the manifest, takes data.limit images by seeded order, cuts off the validation images (a group stays on one
/// side), mixes rendered scenes in. Throws Error(usage) when nothing is left to train on, or nobody knows how many
/// people a validation image shows.
Dataset make_dataset(const DataConfig& config, std::uint64_t seed);

/// Opens every picture that is trained on, and decodes those that are judged by, so that a bad one is found before the
/// first step. Throws as the check_pictures of data/picture_check.h does.
void check_pictures(const Dataset& data, const std::stop_token& stop = {});

}  // namespace throng
