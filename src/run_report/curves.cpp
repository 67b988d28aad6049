#include "run_report/curves.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "core/text.h"
#include "report/html.h"

namespace throng {
namespace {

constexpr int kLeastWidth = 420;  ///< of a chart, pixels
constexpr std::size_t kLeastSmoothed = 30;

/// Points of the moving average over a curve of so many: about a fifteenth of them; 1 where there are few.
int smoothing(std::size_t points) {
  return points < kLeastSmoothed ? 1 : static_cast<int>(std::min<std::size_t>(points / 15, 50)) | 1;
}

ChartOptions over_epochs(std::string title, std::string y_label) {
  ChartOptions options;
  options.title = std::move(title);
  options.x_label = "epoch";
  options.y_label = std::move(y_label);
  return options;
}

/// A chart on a linear axis from 0 or, where its values differ by orders of magnitude, on a logarithmic one.
std::string curves(ChartOptions options, std::span<const Series> series) {
  options.logarithmic = wants_logarithmic_axis(series);
  options.from_zero = !options.logarithmic;
  if (options.logarithmic) options.y_label += " (logarithmic)";
  return line_chart(options, series);
}

Series named(Series series, std::string name) {
  series.name = std::move(name);
  return series;
}

/// The terms of one kind: "density.expert1" and "density.final" are "density".
struct TermKind {
  std::string name;
  std::vector<Series> series;
};

std::vector<TermKind> term_kinds(const RunLog& log) {
  std::vector<TermKind> kinds;
  for (const std::string& term : log.numbers("loss")) {
    const std::string kind = term.substr(0, term.find('.'));
    auto place = std::ranges::find(kinds, kind, &TermKind::name);
    if (place == kinds.end()) place = kinds.insert(kinds.end(), {kind, {}});
    place->series.push_back(log.series("loss", term));
    place->series.back().name = term.size() > kind.size() ? term.substr(kind.size() + 1) : term;
  }
  for (TermKind& kind : kinds) {
    if (kind.series.size() == 1) kind.series.front().name.clear();
  }
  std::stable_partition(kinds.begin(), kinds.end(), [](const TermKind& kind) { return kind.name == "total"; });
  return kinds;
}

}  // namespace

std::string validation_section(const RunLog& log) {
  if (log.present("validation", "mae").x.empty()) {
    return html_section("Validation", html_paragraph("No validation is logged: either none was due yet, or the run "
                                                     "holds no images out (data.validation = 0)."));
  }
  const std::vector<Series> people = {named(log.present("validation", "mae"), "MAE"),
                                      named(log.present("validation", "rmse"), "RMSE")};
  const std::vector<Series> shares = {named(log.present("validation", "nae"), "")};
  std::vector<std::string> charts = {curves(over_epochs("Validation error", "people"), people)};
  if (!shares[0].x.empty()) {
    charts.push_back(curves(over_epochs("Validation error as a share of the truth (NAE)", "NAE"), shares));
  }
  return html_section("Validation", html_grid(charts, kLeastWidth));
}

std::string loss_section(const RunLog& log) {
  const std::vector<TermKind> kinds = term_kinds(log);
  if (kinds.empty()) return html_section("Losses", html_paragraph("No epoch is finished yet."));
  std::vector<std::string> charts;
  const int smooth = smoothing(log.lines().size());
  for (const TermKind& kind : kinds) {
    ChartOptions options = over_epochs(kind.name == "total" ? "All terms together" : text("Term: ", kind.name), "loss");
    options.smooth = smooth;
    charts.push_back(curves(std::move(options), kind.series));
  }
  std::string body = html_grid(charts, kLeastWidth);
  body += html_paragraph(text("Means over each epoch, weighed as they are in the sum.",
                              smooth > 1
                                  ? text(" Strong lines are means over ", smooth, " epochs, faint ones the ", "values.")
                                  : std::string()));
  return html_section("Losses", body);
}

std::string progress_section(const RunLog& log) {
  std::vector<std::string> charts;
  const auto add = [&](const std::string& title, const std::string& unit, const std::string& number) {
    const std::vector<Series> series = {named(log.present("", number), "")};
    if (series[0].x.empty()) return;
    ChartOptions options = over_epochs(title, unit);
    options.from_zero = true;
    charts.push_back(line_chart(options, series));
  };
  add("Learning rate", "learning rate", "lr");
  add("Speed", "crops per second", "crops_per_second");
  add("Time that the model waited for data", "seconds per epoch", "waited_seconds");
  for (const std::string& group : log.groups()) {
    if (group == "loss" || group == "validation") continue;
    std::vector<Series> series;
    for (const std::string& number : log.numbers(group)) series.push_back(log.series(group, number));
    if (!series.empty()) charts.push_back(curves(over_epochs(group, group), series));
  }
  if (charts.empty()) return {};
  return html_section("Learning rate and speed", html_grid(charts, kLeastWidth));
}

}  // namespace throng
