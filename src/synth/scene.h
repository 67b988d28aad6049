#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/sample.h"

namespace throng {

struct SceneOptions {
  std::int64_t people = 100;  ///< visible heads; the annotation holds exactly these
  int width = 1024;
  int height = 768;
  std::uint64_t seed = 1;
};

/// Renders a crowd seen from above eye level: a ground plane in perspective, people drawn far to near so that near ones
/// occlude, one light direction with shading and shadows, varied clothes, skin and hair, background clutter without
/// people, lens blur, noise. The same options give the same picture on every machine. Each annotation is the middle of
/// the visible part of one head, of which at least 45 % shows. Throws Error(usage) for sides outside 32..4096 pixels
/// and for more people than one per 150 pixels.
LabelledImage render_scene(const SceneOptions& options);

/// Throws Error(usage) for sides that render_scene refuses.
void check_sides(const SceneOptions& options);

/// `scenes` pictures whose number of people and camera vary by seed, for mixing into training: 512 to 1024 pixels wide,
/// 0 to 1500 people, most of them log-uniform from 10 up. A share `empties` of them, 0..1, are drawn pictures without
/// people instead (synth/empties.h); the others are what they are with another share. A scene is rendered when it is
/// asked for (about a second) and kept as long as `cache_bytes` have room for it (about 1.2 MB each); the others are
/// rendered again each time.
std::unique_ptr<SampleSource> make_synthetic_source(std::int64_t scenes, std::uint64_t seed, std::int64_t cache_bytes,
                                                    double empties = 0);

}  // namespace throng
