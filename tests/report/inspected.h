#pragma once

#include <string>
#include <vector>

#include "data/manifest.h"
#include "image/draw.h"
#include "infer/inspection.h"

namespace throng {

/// What a network of three experts in pairs could show of a picture of 32 x 24 pixels, each map another.
inline Inspection inspected() {
  Inspection inspection{.width = 32, .height = 24, .maps = {}, .gates = {}};
  const auto add_map = [&](const std::string& name, int level, std::size_t dense_cell) {
    DensityMap map{.width = 8, .height = 6, .values = std::vector<float>(48, 0.125F)};
    map.values[dense_cell] = 4;
    inspection.maps.push_back({name, level, map, 47 * 0.125 + 4});
  };
  add_map("expert1", 0, 3);
  add_map("expert2", 0, 10);
  add_map("expert3", 0, 17);
  add_map("group12", 1, 24);
  add_map("group13", 1, 31);
  add_map("group23", 1, 38);
  add_map("final", 2, 45);
  const auto add_gate = [&](int level, const std::string& group, std::vector<std::string> candidates,
                            const std::vector<float>& left, const std::vector<float>& right) {
    InspectedGate gate{.level = level, .group = group, .candidates = std::move(candidates), .weights = {}};
    for (std::size_t i = 0; i < left.size(); ++i)
      gate.weights.push_back({.width = 2, .height = 1, .values = {left[i], right[i]}});
    inspection.gates.push_back(std::move(gate));
  };
  add_gate(1, "group12", {"expert1", "expert2"}, {0.25F, 0.75F}, {0.5F, 0.5F});
  add_gate(1, "group13", {"expert1", "expert3"}, {0.1F, 0.9F}, {0.2F, 0.8F});
  add_gate(1, "group23", {"expert2", "expert3"}, {0.375F, 0.625F}, {1, 0});
  add_gate(2, "final", {"group12", "group13", "group23"}, {0.2F, 0.3F, 0.5F}, {0.6F, 0.4F, 0});
  inspection.attention = DensityMap{.width = 2, .height = 1, .values = {0.5F, 1}};
  inspection.count = inspection.maps.back().count;
  return inspection;
}

/// A network with one map, such as CSRNet.
inline Inspection inspected_single_map() {
  Inspection inspection = inspected();
  InspectedMap map = inspection.maps.back();
  map.level = 0;
  return {.width = 32, .height = 24, .maps = {map}, .gates = {}, .attention = {}, .count = map.count};
}

/// Its annotation: two heads.
inline ManifestEntry two_heads() {
  ManifestEntry entry;
  entry.image = "crowd.jpg";
  entry.width = 32;
  entry.height = 24;
  entry.points = {{5, 5}, {25, 17}};
  return entry;
}

inline Image photo(int width = 32, int height = 24) {
  Image image = filled_image(width, height, {120, 140, 90});
  for (int x = 0; x < width; ++x) image.pixel(x, height / 2)[0] = static_cast<std::uint8_t>(x);
  return image;
}

}  // namespace throng
