#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "core/progress.h"
#include "data/manifest.h"
#include "synth/scene.h"

namespace throng {

struct SceneFilesOptions {
  SceneOptions scene;      ///< of the first picture; each further one has the next seed
  std::int64_t count = 1;  ///< pictures
  std::filesystem::path folder;
  std::string split = "test";
  /// "" = rendered scenes; else pictures without people of this kind (synth/empties.h), or "any" of these and of
  /// rendered scenes, by seed. Then scene.people must be 0.
  std::string kind{};
};

/// Renders scenes into PNG files scene_0001.png and on in a folder, and manifest.jsonl beside them; gives what the
/// manifest says. Throws Error(usage) for options that make no scene, Error(interrupted) when stopped: then there are
/// pictures, but no manifest of this run.
Manifest write_scenes(const SceneFilesOptions& options, const Reporter& reporter = {},
                      const std::stop_token& stop = {});

}  // namespace throng
