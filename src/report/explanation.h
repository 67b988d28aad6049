#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/manifest.h"
#include "infer/inspection.h"
#include "report/best_expert.h"
#include "report/colour_scale.h"
#include "throng/counter.h"
#include "throng/image.h"

namespace throng {

/// What a layer's numbers are, and so how they are coloured.
enum class LayerKind {
  density,  ///< people per cell
  weight,   ///< of a gate, 0 to 1
  attention,
  best_expert,
};

/// One map to look at.
struct ExplainedLayer {
  LayerKind kind = LayerKind::density;
  std::string id;     ///< for machines, unique: "expert1", "truth", "gate1-group13-expert3"
  std::string title;  ///< for people: "Expert 1", "Group 1+3: expert 3"
  std::string value;  ///< the count (with its error where the truth is known), or the mean weight
  DensityMap map;     ///< on its own grid; densities smoothed for viewing; empty for the best expert
  int column = 0;     ///< where it stands in its section
  int row = 0;
};

/// Layers that belong together.
struct ExplainedSection {
  std::string title;
  std::vector<ExplainedLayer> layers;
};

/// A line of the table of counts.
struct ExplainedCount {
  std::string id;
  std::string title;
  double count = 0;
};

/// What a network sees in a picture, as people look at it: Figures 1, 5, 7 and 8.
struct Explanation {
  int width = 0;  ///< of the picture, pixels
  int height = 0;
  int covered_width = 0;  ///< what the grids cover, pixels: more than a very small picture
  int covered_height = 0;
  std::vector<ExplainedSection> sections;  ///< result, experts, groups by level, gates by level; none is empty
  std::vector<ExplainedCount> counts;      ///< of all density maps, experts first, the final one last
  std::optional<double> truth;             ///< people
  std::optional<BestExperts> best;         ///< where the truth is known and there are experts to choose from
  std::vector<std::string> experts;        ///< their titles, in the order of `best`
  ColourScale scale;                       ///< of all density maps alike
  double factor = 1;                       ///< from people per cell to the scale's unit

  double count() const { return counts.back().count; }
};

/// `truth`: the picture's annotation, or null. Throws Error(input) where it is of a picture of another size.
Explanation explain(const Inspection& inspection, const ManifestEntry* truth = nullptr);

/// A layer alone, [height, width] pixels over the picture's area: densities interpolated, all else as the network's
/// cells lie.
Image paint_layer(const Explanation& explanation, const ExplainedLayer& layer, int width, int height);

/// The cells of a layer that lie over the picture: the size at which painting it loses nothing.
struct LayerSize {
  int width = 0;
  int height = 0;
};
LayerSize natural_size(const Explanation& explanation, const ExplainedLayer& layer);

}  // namespace throng
