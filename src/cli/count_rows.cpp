#include "cli/count_rows.h"

#include "core/config.h"
#include "core/csv.h"
#include "core/text.h"

namespace throng {

namespace {

Json json(const LayerTime& layer) {
  return {{"name", layer.name},   {"kernel", layer.kernel},   {"channels", layer.channels}, {"height", layer.height},
          {"width", layer.width}, {"seconds", layer.seconds}, {"gflop", layer.gflop}};
}

Json json(const CountRow& row) {
  if (row.exit_code != 0) return {{"path", row.path}, {"error", row.problem}};
  Json entry = {
      {"path", row.path}, {"width", row.width}, {"height", row.height}, {"count", row.count}, {"seconds", row.seconds}};
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

std::string count_line(const CountRow& row) { return text(row.path, "\t", fixed(row.count, 1), "\n"); }

std::string total_line(const CountTotals& totals) {
  return text("total\t", fixed(totals.people, 1), "\t", totals.counted, " images\n");
}

std::string count_json(std::span<const CountRow> rows, const CountedBy& by, bool interrupted) {
  const CountTotals totals = totals_of(rows);
  Json document;
  document["images"] = Json::array();
  for (const CountRow& row : rows) document["images"].push_back(json(row));
  document["total"] = totals.people;
  document["counted"] = totals.counted;
  document["failed"] = totals.failed;
  if (interrupted) document["interrupted"] = true;
  document["model"] = {{"name", by.model}, {"sha256", by.sha256}};
  document["precision"] = by.precision;
  document["device"] = by.device;
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string count_csv(std::span<const CountRow> rows) {
  std::string table = csv_line({"path", "width", "height", "count", "seconds", "error"});
  for (const CountRow& row : rows) {
    table += row.exit_code == 0
                 ? csv_line({row.path, text(row.width), text(row.height), text(row.count), fixed(row.seconds, 3), ""})
                 : csv_line({row.path, "", "", "", "", row.problem});
  }
  return table;
}

}  // namespace throng
