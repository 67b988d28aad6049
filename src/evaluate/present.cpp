#include "evaluate/present.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "core/csv.h"
#include "core/text.h"
#include "infer/scales.h"
#include "metrics/levels.h"
#include "metrics/localisation.h"

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

std::string range_of(const CrowdDensity& density) {
  return std::isinf(density.high) ? text(density.low, " and more") : text(density.low, " to ", density.high);
}

std::string localisation_line(const LocalisationFigures& figures) {
  return text("points within ", figures.radius, " px\tprecision ", fixed(figures.overall.precision(), 4), " recall ",
              fixed(figures.overall.recall(), 4), " F1 ", fixed(figures.overall.f1(), 4), "\t",
              quantity(figures.images, "image"), "\n");
}

Json json(const Localisation& figures) {
  return {{"precision", figures.precision()}, {"recall", figures.recall()}, {"f1", figures.f1()},
          {"matched", figures.matched},       {"found", figures.found},     {"annotated", figures.annotated}};
}

Json json(const LocalisationFigures& figures) {
  Json object = {{"radius", figures.radius}, {"images", figures.images}};
  object.update(json(figures.overall));
  for (std::size_t i = 0; i < figures.by_level.size(); ++i) {
    Json level = {{"level", kCountLevels[i].name}, {"people", range_of(kCountLevels[i])}};
    level.update(json(figures.by_level[i]));
    object["by_level"].push_back(std::move(level));
  }
  for (std::size_t i = 0; i < figures.by_density.size(); ++i) {
    Json density = {{"density", kCrowdDensities[i].name}, {"people_per_100x100", range_of(kCrowdDensities[i])}};
    density.update(json(figures.by_density[i]));
    object["by_density"].push_back(std::move(density));
  }
  return object;
}

std::string coverage_row(const std::string& what, const IntervalCoverage& coverage, const std::string& of) {
  if (coverage.images == 0) return "";
  const double share = static_cast<double>(coverage.covered) / static_cast<double>(coverage.images);
  return text(what, "\tcoverage ", fixed(share, 3), " mean width ", fixed(coverage.width, 1), "\t",
              quantity(coverage.images, of), "\n");
}

std::string intervals_text(const IntervalFigures& figures) {
  std::string lines;
  for (std::size_t i = 0; i < figures.by_level.size(); ++i) {
    lines += coverage_row(text("interval ", kCountLevels[i].name, " (", range_of(kCountLevels[i]), ")"),
                          figures.by_level[i], "image");
  }
  lines += coverage_row(text("interval of ", kPicturesOfTotal, " images"), figures.totals, "total");
  return lines + coverage_row(text("interval ", std::round(1000 * figures.level) / 10, " %"), figures.overall, "image");
}

Json json(const IntervalCoverage& coverage) {
  Json object = {{"coverage", nullptr}, {"mean_width", coverage.width}, {"images", coverage.images}};
  if (coverage.images > 0)
    object["coverage"] = static_cast<double>(coverage.covered) / static_cast<double>(coverage.images);
  return object;
}

Json json(const IntervalFigures& figures) {
  Json object = {{"level", figures.level}};
  object.update(json(figures.overall));
  for (std::size_t i = 0; i < figures.by_level.size(); ++i) {
    Json level = {{"level", kCountLevels[i].name}, {"people", range_of(kCountLevels[i])}};
    level.update(json(figures.by_level[i]));
    object["by_level"].push_back(std::move(level));
  }
  object["totals"] = json(figures.totals);
  object["totals"]["images_each"] = kPicturesOfTotal;
  return object;
}

bool scaled(const EvaluatedImage& image) { return !is_own_size(image.scales); }

Json image_json(const EvaluatedImage& image) {
  Json object = {{"path", image.path}};
  if (!image.problem.empty()) {
    object.update(Json{{"truth", image.truth}, {"unreadable", image.problem}});
    return object;
  }
  object.update(Json{{"count", image.count}, {"truth", image.truth}, {"error", image.error()}});
  if (image.game) object["game"] = *image.game;
  if (image.localisation) object["localisation"] = json(*image.localisation);
  if (image.interval) object["interval"] = {{"low", image.interval->low}, {"high", image.interval->high}};
  if (image.unfamiliarity) object["unfamiliarity"] = *image.unfamiliarity;
  if (scaled(image)) object["scales"] = image.scales;
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
  if (evaluation.localisation) lines += localisation_line(*evaluation.localisation);
  if (evaluation.familiarity && evaluation.familiarity->unfamiliar.images > 0) {
    lines += row("familiar", evaluation.familiarity->familiar) + row("unlike", evaluation.familiarity->unfamiliar);
  }
  if (evaluation.intervals) lines += intervals_text(*evaluation.intervals);
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
  if (evaluation.intervals) document["intervals"] = json(*evaluation.intervals);
  if (evaluation.familiarity) {
    document["familiar"] = errors_json(evaluation.familiarity->familiar);
    document["unlike"] = errors_json(evaluation.familiarity->unfamiliar);
  }
  if (evaluation.localisation) document["localisation"] = json(*evaluation.localisation);
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
  const bool scales = std::ranges::any_of(images, scaled);
  if (scales) header.emplace_back("scales");
  std::string table = csv_line(header);
  for (const EvaluatedImage& image : images) {
    std::vector<std::string> row = csv_row(image, games);
    row.resize(header.size());
    if (scales && image.problem.empty()) row.back() = scales_text(image.scales);
    table += csv_line(row);
  }
  return table;
}

}  // namespace throng
