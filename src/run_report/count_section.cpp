#include "run_report/count_section.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/text.h"
#include "image/codec.h"
#include "image/draw.h"
#include "image/resize.h"
#include "infer/drawable_density.h"
#include "metrics/levels.h"
#include "report/annotations.h"
#include "report/chart.h"
#include "report/heatmap.h"
#include "report/html.h"
#include "throng/error.h"

namespace throng {
namespace {

constexpr int kLeastChart = 420;      ///< of a chart, pixels
constexpr int kPictureSide = 800;     ///< of the worst images
constexpr int kPictureLeast = 280;    ///< of one of a pair, pixels
constexpr double kWideCounts = 1000;  ///< counts up to here are easier to read on linear axes

std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

std::string figure_or_dash(double value, int decimals) { return std::isfinite(value) ? fixed(value, decimals) : "-"; }

bool is_judged(const EvaluatedImage& image) { return image.problem.empty() && std::isfinite(image.truth); }

std::string level_range(const CountLevel& level) {
  return text(fixed(level.low, 0), level.high < 1e9 ? text(" to ", fixed(level.high, 0)) : std::string(" and more"));
}

std::string scatter(const Evaluation& evaluation) {
  Series counts{"", {}, {}, {}};
  bool positive = true;
  double largest = 0;
  for (const EvaluatedImage& image : evaluation.images) {
    if (!is_judged(image)) continue;
    counts.x.push_back(image.truth);
    counts.y.push_back(image.count);
    counts.labels.push_back(text(file_name(image.path), " (", signed_fixed(image.error(), 1), ")"));
    positive = positive && image.truth > 0 && image.count > 0;
    largest = std::max(largest, image.truth);
  }
  ChartOptions options;
  options.title = "Counted over true number of people";
  options.x_label = "true count";
  options.y_label = "counted";
  options.logarithmic = positive && largest > kWideCounts;
  if (options.logarithmic) options.title += " (logarithmic axes)";
  options.height = 440;
  return scatter_chart(options, std::vector<Series>{counts});
}

std::string level_bars(const Evaluation& evaluation) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < std::min(evaluation.by_level.size(), kCountLevels.size()); ++i) {
    const CountErrors& errors = evaluation.by_level[i];
    bars.push_back({kCountLevels[i].name, errors.images > 0 ? errors.mae : NAN, quantity(errors.images, "image")});
  }
  bars.push_back({"all", evaluation.errors.mae, quantity(evaluation.errors.images, "image")});
  ChartOptions options;
  options.title = "Mean absolute error by level of the true count";
  options.x_label = "MAE, people";
  return bar_chart(options, bars);
}

std::vector<std::string> level_row(const std::string& name, const std::string& range, const CountErrors& errors) {
  return {name,
          range,
          text(errors.images),
          figure_or_dash(errors.mae, 2),
          figure_or_dash(errors.rmse, 2),
          figure_or_dash(errors.nae, 4)};
}

std::string level_table(const Evaluation& evaluation) {
  const std::vector<std::string> header = {"Level", "People", "Images", "MAE", "RMSE", "NAE"};
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < std::min(evaluation.by_level.size(), kCountLevels.size()); ++i) {
    rows.push_back(level_row(kCountLevels[i].name, level_range(kCountLevels[i]), evaluation.by_level[i]));
  }
  rows.push_back(level_row("all", "", evaluation.errors));
  return html_table(header, rows);
}

/// The picture at a size for a page.
Image view_of(const Image& picture) {
  const int longest = std::max(picture.width, picture.height);
  const double factor = static_cast<double>(kPictureSide) / longest;
  const auto side = [&](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * factor))); };
  return longest <= kPictureSide ? picture : resize_image(picture, side(picture.width), side(picture.height));
}

/// The annotated picture beside the one with the counted density.
std::string worst_figure(const WorstCase& worst, const ManifestEntry* entry, std::size_t rank) {
  const Image picture = load_image(worst.image.path);
  const std::string name = file_name(worst.image.path);
  Image annotated = view_of(picture);
  const bool marked = entry != nullptr && !entry->points.empty();
  if (marked) overlay_points(annotated, picture, entry->points);
  Image counted = view_of(picture);
  const ColourScale scale = overlay_density(counted, picture, drawable_density(worst.result));
  const std::vector<std::string> labels = scale.labels();
  const std::string bar = html_colour_bar("people per 100 x 100 pixels", density_colour, labels.front(), labels.back());
  const std::vector<std::string> pair = {html_image(annotated, text(name, marked ? " with its annotations" : "")),
                                         html_image(counted, text(name, " with the counted density"))};
  return html_figure(
      html_grid(pair, kPictureLeast) + bar,
      text(rank, ". ", name, ": counted ", fixed(worst.image.count, 1), ", true ", fixed(worst.image.truth, 0),
           ", error ", signed_fixed(worst.image.error(), 1),
           worst.image.truth > 0 ? text(" (", signed_fixed(100 * worst.image.error() / worst.image.truth, 1), " %)")
                                 : std::string()));
}

std::string worst_section(const Evaluation& evaluation, std::span<const ManifestEntry> entries,
                          const Reporter& reporter) {
  std::vector<std::string> figures;
  for (const WorstCase& worst : evaluation.worst) {
    const auto found = std::ranges::find_if(
        entries, [&](const ManifestEntry& entry) { return entry.image.string() == worst.image.path; });
    try {
      figures.push_back(worst_figure(worst, found == entries.end() ? nullptr : &*found, figures.size() + 1));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      reporter.warning(error.what());
    }
  }
  if (figures.empty()) return {};
  return html_section("Worst images",
                      html_paragraph("The largest errors first: the picture with its annotations, and the density that "
                                     "was counted.") +
                          join(figures, ""));
}

std::string left_out_note(const Evaluation& evaluation) {
  std::vector<std::string> notes;
  if (evaluation.left_out > 0) {
    notes.push_back(text(quantity(evaluation.left_out, "image"), " could not be counted and ",
                         evaluation.left_out == 1 ? "is" : "are", " left out."));
  }
  if (evaluation.unannotated > 0) {
    notes.push_back(text("Of ", quantity(evaluation.unannotated, "image"), " nobody knows the true count."));
  }
  return notes.empty() ? std::string() : html_paragraph(join(notes, " "));
}

}  // namespace

std::string count_sections(const Evaluation& evaluation, std::span<const ManifestEntry> entries,
                           const Reporter& reporter) {
  const std::vector<std::string> charts = {scatter(evaluation),
                                           text("<div>", level_bars(evaluation), level_table(evaluation), "</div>\n")};
  return html_section("Counts of the validation images",
                      html_paragraph(text("The best model on the ", quantity(evaluation.errors.images, "image"),
                                          " that it was chosen by: expect larger errors on images that had no part in ",
                                          "that.")) +
                          left_out_note(evaluation) + html_grid(charts, kLeastChart)) +
         worst_section(evaluation, entries, reporter);
}

}  // namespace throng
