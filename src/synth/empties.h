#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "synth/scene.h"
#include "throng/image.h"

namespace throng {

/// Pictures without people that are drawn rather than rendered: what a counter may mistake for a crowd.
struct EmptyKind {
  std::string_view name;  ///< "texture"
  std::string_view help;
  /// Sides are at least 32 pixels; the same seed gives the same picture on every machine.
  Image (*draw)(int width, int height, std::uint64_t seed);
};

/// In the order in which they are told.
std::span<const EmptyKind> empty_kinds();

/// Throws Error(usage) that lists the kinds.
const EmptyKind& find_empty_kind(std::string_view name);

/// A kind by the seed, all equally often.
const EmptyKind& some_empty_kind(std::uint64_t seed);

/// A picture of a kind, or of any kind ("any": one of these or a rendered scene, by seed). Throws Error(usage) for a
/// kind that is not there, people, and sides that render_scene refuses.
LabelledImage draw_empty(std::string_view kind, const SceneOptions& options);

}  // namespace throng
