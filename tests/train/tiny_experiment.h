#pragma once

#include <filesystem>
#include <string>

#include "core/draw.h"
#include "data/manifest.h"
#include "image/codec.h"
#include "image/draw.h"
#include "train/config.h"

namespace throng {

/// Pictures of light dots on a dark ground with an annotation on each, and their manifest: something that a tiny
/// network learns within seconds.
inline std::filesystem::path make_dotted_data(const std::filesystem::path& folder, int images) {
  Manifest manifest{"dots", {}};
  for (int i = 0; i < images; ++i) {
    const Draw draw(7, "dots", 0, static_cast<std::uint64_t>(i));
    Image picture = filled_image(96, 80, {40, 50, 60});
    ManifestEntry entry{folder / ("dots_" + std::to_string(i) + ".png"), 96, 80, {}, "train", ""};
    for (int k = 0; k < 4 + 3 * (i % 4); ++k) {
      entry.points.push_back({draw.uniform(2 * k, 4, 92), draw.uniform(2 * k + 1, 4, 76)});
      draw_dot(picture, entry.points.back().x, entry.points.back().y, 3, {230, 220, 200});
    }
    save_image(picture, entry.image);
    manifest.entries.push_back(std::move(entry));
  }
  write_manifest(manifest, folder / "dots.jsonl");
  return folder / "dots.jsonl";
}

/// A few seconds of training on one thread.
inline ExperimentConfig tiny_experiment(const std::filesystem::path& manifest) {
  ExperimentConfig config;
  config.name = "tiny";
  config.data.manifest = manifest.string();
  config.data.validation = 0.25;
  config.model.encoder = "resnet18";
  config.model.width = 0.02;
  config.model.init = "kaiming";
  config.loss.convention = "released";
  config.train.augment.crop = 32;
  config.train.batch = 2;
  config.train.epochs = 2;
  config.train.lr = 1e-3;
  config.train.ema = 0.9;
  config.train.weight_decay = 1e-4;
  config.train.schedule = "cosine";
  config.train.threads = 1;
  config.train.checkpoint_steps = 2;
  return config;
}

}  // namespace throng
