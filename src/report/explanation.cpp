#include "report/explanation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/density.h"
#include "image/draw.h"
#include "infer/smallest_side.h"
#include "report/explain_colours.h"
#include "report/smooth.h"
#include "throng/error.h"

namespace throng {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// "expert3" -> "Expert 3", "group13" -> "Group 1+3", "level2_group12" -> "Group 1+2 of level 2", "final" -> "Final
/// map".
std::string title_of(const std::string& name) {
  if (name == "final") return "Final map";
  constexpr std::string_view kLevel = "level";
  if (name.starts_with(kLevel)) {
    const std::size_t end = name.find('_');
    if (end != std::string::npos) {
      return text(title_of(name.substr(end + 1)), " of level ", name.substr(kLevel.size(), end - kLevel.size()));
    }
  }
  const auto digits = static_cast<std::size_t>(std::ranges::find_if(name, is_digit) - name.begin());
  std::string title = name.substr(0, digits);
  if (!title.empty() && title.front() >= 'a' && title.front() <= 'z') title.front() += 'A' - 'a';
  for (std::size_t i = digits; i < name.size(); ++i) title += text(i == digits ? ' ' : '+', name[i]);
  return title;
}

std::string with_small_letter(std::string title) {
  if (!title.empty() && title.front() >= 'A' && title.front() <= 'Z') title.front() += 'a' - 'A';
  return title;
}

std::string count_text(double count, const std::optional<double>& truth) {
  return truth ? text(fixed(count, 1), " (", signed_fixed(count - *truth, 1), ")") : fixed(count, 1);
}

bool is_uniform(const DensityMap& map) {
  return std::ranges::adjacent_find(map.values, std::ranges::not_equal_to()) == map.values.end();
}

double mean_of(const DensityMap& map) {
  const double sum = std::accumulate(map.values.begin(), map.values.end(), 0.0);
  return sum / static_cast<double>(std::max<std::size_t>(map.values.size(), 1));
}

/// Finds out what an inspection and the truth show together.
class Explainer {
 public:
  Explainer(const Inspection& inspection, const ManifestEntry* truth) : inspection_(inspection) {
    if (inspection.maps.empty()) throw Error(ErrorKind::failure, "a network without any map cannot be explained");
    explanation_.width = inspection.width;
    explanation_.height = inspection.height;
    explanation_.covered_width = std::max(inspection.width, kSmallestSide);
    explanation_.covered_height = std::max(inspection.height, kSmallestSide);
    const DensityMap& grid = inspection.maps.back().map;
    explanation_.factor = cell_density_factor(grid, explanation_.covered_width, explanation_.covered_height);
    if (truth) add_truth(*truth, grid);
  }

  Explanation explain() {
    add_result();
    int levels = 0;
    for (const InspectedMap& map : inspection_.maps) {
      explanation_.counts.push_back({map.name, title_of(map.name), map.count});
      levels = std::max(levels, map.level);
    }
    const bool alone = inspection_.maps.size() == 1;
    for (int level = 0; level <= levels && !alone; ++level) add_maps(level);
    for (int level = 1; level <= levels; ++level) add_gates(level);
    choose_common_scale();
    return std::move(explanation_);
  }

 private:
  void add_truth(const ManifestEntry& entry, const DensityMap& grid) {
    if (entry.width != inspection_.width || entry.height != inspection_.height) {
      throw Error(ErrorKind::input, text("the annotation of ", entry.image.string(), " is of a picture of ",
                                         entry.width, " x ", entry.height, " pixels, but it has ", inspection_.width,
                                         " x ", inspection_.height, ": import the data set again"));
    }
    if (const auto people = entry.people()) explanation_.truth = static_cast<double>(*people);
    if (!entry.annotated) return;
    truth_ = density_on_grid(entry.points, inspection_.width, inspection_.height, grid.width, grid.height,
                             explanation_.covered_width, explanation_.covered_height);
    std::vector<const DensityMap*> experts;
    std::vector<std::string> titles;
    for (const InspectedMap& map : inspection_.maps) {
      if (map.level != 0) continue;
      experts.push_back(&map.map);
      titles.push_back(title_of(map.name));
    }
    if (experts.size() < 2) return;
    const double cell_area = static_cast<double>(explanation_.covered_width) * explanation_.covered_height /
                             (static_cast<double>(grid.width) * grid.height);
    BestExperts best = best_experts(experts, *truth_, cell_area, DensityConfig().foreground);
    if (!best.any()) return;
    explanation_.best = std::move(best);
    explanation_.experts = std::move(titles);
  }

  ExplainedLayer density_layer(std::string id, std::string title, const DensityMap& map, std::string value) const {
    return {.kind = LayerKind::density,
            .id = std::move(id),
            .title = std::move(title),
            .value = std::move(value),
            .map = smoothed_for_viewing(map)};
  }

  ExplainedLayer layer_of(const InspectedMap& map) const {
    return density_layer(map.name, title_of(map.name), map.map, count_text(map.count, explanation_.truth));
  }

  /// What one looks for first: the truth beside the final map, and what explains it.
  void add_result() {
    ExplainedSection section{"Result", {}};
    if (truth_) section.layers.push_back(density_layer("truth", "Truth", *truth_, fixed(*explanation_.truth, 0)));
    section.layers.push_back(layer_of(inspection_.maps.back()));
    if (inspection_.attention) {
      section.layers.push_back({.kind = LayerKind::attention,
                                .id = "attention",
                                .title = "Attention",
                                .value = text("mean ", fixed(mean_of(*inspection_.attention), 2)),
                                .map = *inspection_.attention});
    }
    if (explanation_.best) {
      section.layers.push_back(
          {.kind = LayerKind::best_expert, .id = "best-expert", .title = "Best expert", .value = "", .map = {}});
    }
    put_in_a_row(std::move(section));
  }

  void add_maps(int level) {
    ExplainedSection section{level == 0   ? std::string("Experts")
                             : level == 1 ? std::string("Groups")
                                          : text("Groups of level ", level),
                             {}};
    for (const InspectedMap& map : inspection_.maps) {
      if (map.level != level) continue;
      if (&map != &inspection_.maps.back()) section.layers.push_back(layer_of(map));
    }
    put_in_a_row(std::move(section));
  }

  /// A column a group, a row a member; a single group lies in a row.
  void add_gates(int level) {
    ExplainedSection section{text("Weights of gate ", level), {}};
    const auto groups =
        std::ranges::count_if(inspection_.gates, [&](const InspectedGate& gate) { return gate.level == level; });
    int column = 0;
    for (const InspectedGate& gate : inspection_.gates) {
      if (gate.level != level) continue;
      for (std::size_t i = 0; i < gate.candidates.size(); ++i) {
        const DensityMap& weights = gate.weights[i];
        const std::string group = gate.group == "final" ? std::string("Final") : title_of(gate.group);
        ExplainedLayer& layer = section.layers.emplace_back();
        layer.kind = LayerKind::weight;
        layer.id = text("gate", level, "-", gate.group, "-", gate.candidates[i]);
        layer.title = text(group, ": ", with_small_letter(title_of(gate.candidates[i])));
        layer.value = text(is_uniform(weights) ? "" : "mean ", fixed(mean_of(weights), 2));
        layer.map = weights;
        layer.column = groups == 1 ? static_cast<int>(i) : column;
        layer.row = groups == 1 ? 0 : static_cast<int>(i);
      }
      ++column;
    }
    if (!section.layers.empty()) explanation_.sections.push_back(std::move(section));
  }

  void put_in_a_row(ExplainedSection section) {
    int column = 0;
    for (ExplainedLayer& layer : section.layers) layer.column = column++;
    if (!section.layers.empty()) explanation_.sections.push_back(std::move(section));
  }

  /// One that the crowd of all maps together uses, as if they were one large map.
  void choose_common_scale() {
    DensityMap all{1, 0, {}};
    for (const ExplainedSection& section : explanation_.sections) {
      for (const ExplainedLayer& layer : section.layers) {
        if (layer.kind != LayerKind::density) continue;
        all.values.insert(all.values.end(), layer.map.values.begin(), layer.map.values.end());
      }
    }
    all.height = static_cast<int>(all.values.size());
    explanation_.scale = choose_scale(all, explanation_.factor);
  }

  const Inspection& inspection_;
  Explanation explanation_;
  std::optional<DensityMap> truth_;
};

/// How a painted side lies on a grid's side: the part that the picture covers, stretched.
struct Stretch {
  double cells_per_pixel;
  int cells;

  Stretch(int cells, int picture, int covered, int pixels)
      : cells_per_pixel(static_cast<double>(cells) * picture / covered / pixels), cells(cells) {}

  double at(int pixel) const { return (pixel + 0.5) * cells_per_pixel; }
  int nearest(int pixel) const { return std::clamp(static_cast<int>(at(pixel)), 0, cells - 1); }
};

float value_at(const DensityMap& map, int x, int y) {
  return map.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) + static_cast<std::size_t>(x)];
}

/// Between the centres of four cells.
double interpolated(const DensityMap& map, double x, double y) {
  const double column = std::clamp(x - 0.5, 0.0, map.width - 1.0), row = std::clamp(y - 0.5, 0.0, map.height - 1.0);
  const int left = static_cast<int>(column), top = static_cast<int>(row);
  const int right = std::min(left + 1, map.width - 1), bottom = std::min(top + 1, map.height - 1);
  const double across = column - left, down = row - top;
  const double above = value_at(map, left, top) * (1 - across) + value_at(map, right, top) * across;
  const double below = value_at(map, left, bottom) * (1 - across) + value_at(map, right, bottom) * across;
  return above * (1 - down) + below * down;
}

LayerSize grid_of(const Explanation& explanation, const ExplainedLayer& layer) {
  if (layer.kind == LayerKind::best_expert) return {explanation.best->width, explanation.best->height};
  return {layer.map.width, layer.map.height};
}

}  // namespace

Explanation explain(const Inspection& inspection, const ManifestEntry* truth) {
  return Explainer(inspection, truth).explain();
}

LayerSize natural_size(const Explanation& explanation, const ExplainedLayer& layer) {
  const LayerSize grid = grid_of(explanation, layer);
  const auto visible = [](int cells, int picture, int covered) {
    return std::max(1, static_cast<int>(std::ceil(static_cast<double>(cells) * picture / covered)));
  };
  return {visible(grid.width, explanation.width, explanation.covered_width),
          visible(grid.height, explanation.height, explanation.covered_height)};
}

Image paint_layer(const Explanation& explanation, const ExplainedLayer& layer, int width, int height) {
  Image image = filled_image(width, height, kNoCrowdColour);
  const LayerSize grid = grid_of(explanation, layer);
  const Stretch columns(grid.width, explanation.width, explanation.covered_width, width);
  const Stretch rows(grid.height, explanation.height, explanation.covered_height, height);
  const auto colour_at = [&](int x, int y) {
    switch (layer.kind) {
      case LayerKind::density:
        return density_colour(interpolated(layer.map, columns.at(x), rows.at(y)) * explanation.factor /
                              explanation.scale.top);
      case LayerKind::best_expert: {
        const auto cell = static_cast<std::size_t>(rows.nearest(y)) * static_cast<std::size_t>(grid.width) +
                          static_cast<std::size_t>(columns.nearest(x));
        const int best = explanation.best->best[cell];
        return best == BestExperts::kBackground ? kNoCrowdColour : expert_colour(static_cast<std::size_t>(best));
      }
      case LayerKind::weight:
      case LayerKind::attention:
        break;
    }
    return weight_colour(value_at(layer.map, columns.nearest(x), rows.nearest(y)));
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Colour colour = colour_at(x, y);
      std::copy(colour.begin(), colour.end(), image.pixel(x, y));
    }
  }
  return image;
}

}  // namespace throng
