#include "cli/count_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/config.h"
#include "core/csv.h"
#include "core/text.h"
#include "infer/scales.h"
#include "infer/working_scale.h"

namespace throng {

namespace {

Json json(const LayerTime& layer) {
  return {{"name", layer.name},   {"kernel", layer.kernel},   {"channels", layer.channels}, {"height", layer.height},
          {"width", layer.width}, {"seconds", layer.seconds}, {"gflop", layer.gflop}};
}

Json json(const CountInterval& interval) {
  return {{"level", interval.level}, {"low", interval.low}, {"high", interval.high}};
}

// " (90 %: 367-460)": ends rounded outwards.
std::string shown(const std::optional<CountInterval>& interval) {
  if (!interval) return "";
  return text("\t(", std::round(1000 * interval->level) / 10, " %: ", fixed(std::floor(interval->low), 0), "-",
              fixed(std::ceil(interval->high), 0), ")");
}

bool scaled(const CountRow& row) { return row.exit_code == 0 && !is_own_size(row.scales); }

// What CountResult::unlike means to someone who looks at the picture.
std::string_view unlike_in_words(std::string_view group) {
  if (group == "sharpness") return "it is more blurred, softer, grainier or of other contrast";
  if (group == "light") return "it is darker or brighter, or of other contrast";
  if (group == "colour") return "its colours are others";
  if (group == "gates") return "its heads are of other sizes, or it shows something else";
  if (group == "crowd") return "its crowd is of another density, or the network's parts disagree about it";
  return "in what this program does not know";
}

Json json(const CountRow& row) {
  if (row.exit_code != 0) return {{"path", row.path}, {"error", row.problem}};
  Json entry = {
      {"path", row.path}, {"width", row.width}, {"height", row.height}, {"count", row.count}, {"seconds", row.seconds}};
  if (row.interval) entry["interval"] = json(*row.interval);
  if (row.unfamiliarity) entry["unfamiliarity"] = *row.unfamiliarity;
  if (!row.unlike.empty()) entry["unlike"] = row.unlike;
  if (scaled(row)) entry["scales"] = row.scales;
  if (!row.heatmap.empty()) entry["heatmap"] = row.heatmap;
  if (!row.density.empty()) entry["density"] = row.density;
  for (const LayerTime& layer : row.profile) entry["layers"].push_back(json(layer));
  return entry;
}

}  // namespace

CountTotals totals_of(std::span<const CountRow> rows) {
  CountTotals totals;
  for (const CountRow& row : rows) {
    if (row.exit_code == 0) {
      totals.people += row.count;
      ++totals.counted;
    } else {
      ++totals.failed;
    }
  }
  return totals;
}

std::string count_line(const CountRow& row) {
  return text(row.path, "\t", fixed(row.count, 1), shown(row.interval), "\n");
}

std::string size_remark(const CountRow& row) {
  return scaled(row) ? text("'", row.path, "' was counted at ", scales_text(row.scales, " and "), " times its size")
                     : "";
}

std::string size_hint(std::span<const CountRow> rows) {
  const auto unusual = [](const CountRow& row) {
    return row.exit_code == 0 && !scaled(row) && row.count >= 1 &&
           unusual_size(std::int64_t{row.width} * std::int64_t{row.height});
  };
  const auto count = std::ranges::count_if(rows, unusual);
  if (count == 0) return "";
  return text(
      rows.size() == 1 ? text("'", rows.front().path, "' is") : text(count, " of ", rows.size(), " pictures are"),
      " much smaller or larger than most that models learn from: --scale auto looks for a better size");
}

std::string total_line(const CountTotals& totals) {
  return text("total\t", fixed(totals.people, 1), "\t", totals.counted, " images", shown(totals.interval), "\n");
}

std::string doubt_about(const CountRow& row) {
  if (row.exit_code != 0 || row.unfamiliarity.value_or(0) <= 1) return "";
  return text("'", row.path, "' is unlike the pictures that the model knows: ", unlike_in_words(row.unlike), " (",
              fixed(*row.unfamiliarity, 1), " times as far from them as is usual), so its count may be far off");
}

std::string count_json(std::span<const CountRow> rows, const CountTotals& totals, const CountedBy& by,
                       bool interrupted) {
  Json document;
  document["images"] = Json::array();
  for (const CountRow& row : rows) document["images"].push_back(json(row));
  document["total"] = totals.people;
  if (totals.interval) document["total_interval"] = json(*totals.interval);
  document["counted"] = totals.counted;
  document["failed"] = totals.failed;
  if (interrupted) document["interrupted"] = true;
  document["model"] = {{"name", by.model}, {"sha256", by.sha256}};
  document["precision"] = by.precision;
  document["device"] = by.device;
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string count_csv(std::span<const CountRow> rows) {
  const bool intervals = std::ranges::any_of(rows, [](const CountRow& row) { return row.interval.has_value(); });
  std::vector<std::string> names = {"path", "width", "height", "count", "seconds", "error"};
  if (intervals) names.insert(names.end(), {"low", "high"});
  const bool scales = std::ranges::any_of(rows, scaled);
  if (scales) names.emplace_back("scales");
  std::string table = csv_line(names);
  for (const CountRow& row : rows) {
    std::vector<std::string> cells = {row.path, "", "", "", "", row.problem};
    if (row.exit_code == 0)
      cells = {row.path, text(row.width), text(row.height), text(row.count), fixed(row.seconds, 3), ""};
    if (intervals && row.interval) {
      cells.insert(cells.end(), {fixed(row.interval->low, 1), fixed(row.interval->high, 1)});
    } else if (intervals) {
      cells.insert(cells.end(), {"", ""});
    }
    if (scales) cells.push_back(row.exit_code == 0 ? scales_text(row.scales) : "");
    table += csv_line(cells);
  }
  return table;
}

}  // namespace throng
