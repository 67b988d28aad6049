#include "evaluate/present.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "core/csv.h"
#include "core/text.h"
#include "metrics/levels.h"

namespace throng {

namespace {

/// "0-50", "over 500"
std::string range_of(const CountLevel& level) {
  return std::isinf(level.high) ? text("over ", level.low - 1) : text(level.low, "-", level.high);
}

std::string row(const std::string& what, const CountErrors& errors) {
  return text(what, "\t", errors_line(errors), "\t", quantity(errors.images, "image"), "\n");
}

std::string level_rows(const std::string& what, const std::vector<CountErrors>& by_level) {
  std::string lines;
  for (std::size_t i = 0; i < by_level.size(); ++i) {
    if (by_level[i].images == 0) continue;
    lines += row(text(what, kCountLevels[i].name, " (", range_of(kCountLevels[i]), ")"), by_level[i]);
  }
  return lines;
}

Json levels_json(const std::vector<CountErrors>& by_level) {
  Json levels = Json::array();
  for (std::size_t i = 0; i < by_level.size(); ++i) {
    Json level = {{"level", kCountLevels[i].name}, {"people", range_of(kCountLevels[i])}};
    level.update(errors_json(by_level[i]));
    levels.push_back(std::move(level));
  }
  return levels;
}

Json image_json(const EvaluatedImage& image) {
  Json object = {{"path", image.path}};
  if (!image.problem.empty()) {
    object.update(Json{{"truth", image.truth}, {"unreadable", image.problem}});
    return object;
  }
  object.update(Json{{"count", image.count}, {"truth", image.truth}, {"error", image.error()}});
  if (image.game) object["game"] = *image.game;
  for (const OutputCount& output : image.outputs) object["outputs"][output.name] = output.count;
  return object;
}

std::string csv_number(double value) { return std::isnan(value) ? "" : text(value); }

std::vector<std::string> csv_row(const EvaluatedImage& image, std::size_t games) {
  if (!image.problem.empty()) return {image.path, "", csv_number(image.truth), ""};
  std::vector<std::string> row = {image.path, csv_number(image.count), csv_number(image.truth),
                                  csv_number(image.error())};
  for (std::size_t level = 0; level < games; ++level) row.push_back(image.game ? csv_number((*image.game)[level]) : "");
  for (const OutputCount& output : image.outputs) row.push_back(csv_number(output.count));
  return row;
}

}  // namespace

std::string errors_line(const CountErrors& errors) {
  return text("MAE ", fixed(errors.mae, 2), " RMSE ", fixed(errors.rmse, 2), " NAE ", fixed(errors.nae, 4));
}

Json errors_json(const CountErrors& errors) {
  return {{"mae", errors.mae}, {"rmse", errors.rmse}, {"nae", errors.nae}, {"images", errors.images}};
}

std::string evaluation_text(const Evaluation& evaluation) {
  std::string lines;
  for (const OutputErrors& output : evaluation.outputs) {
    lines += row(output.name, output.errors) + level_rows(output.name + " ", output.by_level);
  }
  lines += level_rows("level ", evaluation.by_level);
  for (const LabelErrors& label : evaluation.by_label) {
    for (const auto& [value, errors] : label.by_value) {
      lines += row(text(label.label, " ", value.empty() ? "(none)" : value), errors);
    }
  }
  if (evaluation.game) {
    lines += "GAME(0..3)";
    for (const double value : *evaluation.game) lines += text("\t", fixed(value, 2));
    lines += "\n";
  }
  if (evaluation.foreground) lines += row("foreground", *evaluation.foreground);
  if (evaluation.maps) {
    lines += text("maps\tPSNR ", fixed(evaluation.maps->psnr, 2), " SSIM ", fixed(evaluation.maps->ssim, 4), "\t",
                  quantity(evaluation.maps->images, "image"), "\n");
  }
  return lines + errors_line(evaluation.errors) + "\n";
}

Json evaluation_json(const Evaluation& evaluation) {
  Json document = errors_json(evaluation.errors);
  document["left_out"] = evaluation.left_out;
  document["unannotated"] = evaluation.unannotated;
  document["by_level"] = levels_json(evaluation.by_level);
  for (const LabelErrors& label : evaluation.by_label) {
    for (const auto& [value, errors] : label.by_value) document["by"][label.label][value] = errors_json(errors);
  }
  if (evaluation.game) document["game"] = *evaluation.game;
  if (evaluation.foreground) document["foreground"] = errors_json(*evaluation.foreground);
  if (evaluation.maps) {
    document["maps"] = {
        {"psnr", evaluation.maps->psnr}, {"ssim", evaluation.maps->ssim}, {"images", evaluation.maps->images}};
  }
  for (const OutputErrors& output : evaluation.outputs) {
    Json object = {{"name", output.name}, {"level", output.level}};
    object.update(errors_json(output.errors));
    object["by_level"] = levels_json(output.by_level);
    document["outputs"].push_back(std::move(object));
  }
  document["per_image"] = Json::array();
  for (const EvaluatedImage& image : evaluation.images) document["per_image"].push_back(image_json(image));
  return document;
}

std::string evaluation_csv(const Evaluation& evaluation) {
  const auto& images = evaluation.images;
  const bool with_game =
      std::ranges::any_of(images, [](const EvaluatedImage& image) { return image.game.has_value(); });
  const std::size_t games = with_game ? decltype(evaluation.game)::value_type().size() : 0;
  std::vector<std::string> header = {"path", "count", "truth", "error"};
  for (std::size_t level = 0; level < games; ++level) header.push_back(text("game", level));
  const auto counted = std::ranges::find_if(images, [](const EvaluatedImage& image) { return image.problem.empty(); });
  if (counted != images.end()) {
    for (const OutputCount& output : counted->outputs) header.push_back(output.name);
  }
  std::string table = csv_line(header);
  for (const EvaluatedImage& image : images) {
    std::vector<std::string> row = csv_row(image, games);
    row.resize(header.size());
    table += csv_line(row);
  }
  return table;
}

}  // namespace throng
