#include "cli/count_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/config.h"
#include "core/csv.h"
#include "core/text.h"

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

Json json(const CountRow& row) {
  if (row.exit_code != 0) return {{"path", row.path}, {"error", row.problem}};
  Json entry = {
      {"path", row.path}, {"width", row.width}, {"height", row.height}, {"count", row.count}, {"seconds", row.seconds}};
  if (row.interval) entry["interval"] = json(*row.interval);
  if (row.unfamiliarity) entry["unfamiliarity"] = *row.unfamiliarity;
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

std::string total_line(const CountTotals& totals) {
  return text("total\t", fixed(totals.people, 1), "\t", totals.counted, " images", shown(totals.interval), "\n");
}

std::string doubt_about(const CountRow& row) {
  if (row.exit_code != 0 || row.unfamiliarity.value_or(0) <= 1) return "";
  return text("'", row.path, "' is unlike the pictures that the model knows (", fixed(*row.unfamiliarity, 1),
              " times as far from them as one in fifty of theirs): do not rely on its count");
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
    table += csv_line(cells);
  }
  return table;
}

}  // namespace throng
