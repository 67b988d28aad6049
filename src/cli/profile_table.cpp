#include "cli/profile_table.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/text.h"

namespace throng {

namespace {

constexpr std::size_t kColumns = 7;
constexpr std::size_t kWords = 2;  ///< that many columns hold words and begin at the left, the others numbers
using Line = std::array<std::string, kColumns>;

Line line_of(const LayerTime& layer, double all_seconds) {
  constexpr double kPercent = 100, kMilliseconds = 1000;
  const bool multiplies = layer.gflop > 0 && layer.seconds > 0;
  return {layer.name,
          layer.kernel,
          layer.channels > 0 ? text(layer.channels, " x ", layer.height, " x ", layer.width) : "",
          fixed(layer.seconds * kMilliseconds, 2),
          all_seconds > 0 ? fixed(kPercent * layer.seconds / all_seconds, 1) : "-",
          multiplies ? fixed(layer.gflop, 2) : "-",
          multiplies ? fixed(layer.gflop / layer.seconds, 0) : "-"};
}

LayerTime sum_of(const Profile& profile) {
  LayerTime sum{.name = "all", .kernel = ""};
  for (const LayerTime& layer : profile) {
    sum.seconds += layer.seconds;
    sum.gflop += layer.gflop;
  }
  return sum;
}

std::string laid_out(const std::vector<Line>& lines) {
  std::array<std::size_t, kColumns> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string table;
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < kColumns; ++i) {
      const std::string space(widths[i] - line[i].size(), ' ');
      table += text(i > 0 ? "  " : "", i < kWords ? line[i] : space, i < kWords ? space : line[i]);
    }
    table += "\n";
  }
  return table;
}

}  // namespace

std::string profile_table(const Profile& profile) {
  if (profile.empty()) return "the time of single layers is not known on this device\n";
  const LayerTime sum = sum_of(profile);
  std::vector<Line> lines{{"layer", "kernel", "output", "ms", "%", "GFLOP", "GFLOP/s"}};
  for (const LayerTime& layer : profile) lines.push_back(line_of(layer, sum.seconds));
  lines.push_back(line_of(sum, sum.seconds));
  return laid_out(lines);
}

}  // namespace throng
