#pragma once

#include <filesystem>
#include <string>

#include "model/model_file.h"

namespace throng {

/// A model that another one is made of.
struct SourceModel {
  std::string path;    ///< of its file; errors call it so
  std::string sha256;  ///< of its file
  LoadedModel loaded;
};

/// Throws as load_model.
SourceModel read_source_model(const std::filesystem::path& path);

/// What the provenance of a model says of one that it is made of: name, sha256 and provenance, which is left out where
/// it tells of so many models before it that a card with it could not be read.
Json described(const SourceModel& source);

}  // namespace throng
