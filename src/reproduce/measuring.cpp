#include "reproduce/measuring.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/text.h"
#include "evaluate/evaluation.h"
#include "infer/inspect.h"
#include "metrics/levels.h"
#include "throng/counter.h"
#include "throng/error.h"

namespace throng {

namespace {

void add_line(std::vector<MeasuredLine>& lines, std::string name, std::vector<double> figures) {
  if (std::ranges::all_of(figures, [](double figure) { return std::isfinite(figure); })) {
    lines.push_back({std::move(name), std::move(figures)});
  }
}

void add_errors(std::vector<MeasuredLine>& lines, std::string name, const CountErrors& errors) {
  if (errors.images > 0) add_line(lines, std::move(name), {errors.mae, errors.rmse});
}

/// Over all pictures first, then level by level, as Table XII lists them.
std::vector<MeasuredLine> lines_of_outputs(const Evaluation& evaluation) {
  std::vector<MeasuredLine> lines;
  for (const OutputErrors& output : evaluation.outputs) {
    add_errors(lines, text(output.name, ", overall"), output.errors);
  }
  for (std::size_t level = 0; level < kCountLevels.size(); ++level) {
    for (const OutputErrors& output : evaluation.outputs) {
      add_errors(lines, text(output.name, ", ", kCountLevels[level].name), output.by_level.at(level));
    }
  }
  return lines;
}

}  // namespace

std::vector<ManifestEntry> judged_pictures(const ExperimentConfig& config) {
  std::vector<ManifestEntry> entries = read_manifest(config.data.manifest).split("test");
  const std::int64_t limit = config.data.limit;
  if (limit > 0 && limit < std::ssize(entries)) entries.resize(static_cast<std::size_t>(limit));
  return entries;
}

Judgement judge(Measure measure, const std::filesystem::path& model, const ExperimentConfig& config,
                const Reporter& reporter, const std::stop_token& stop) {
  CounterOptions options;
  options.device = config.train.device;
  options.threads = static_cast<int>(config.train.threads);
  const std::vector<ManifestEntry> entries = judged_pictures(config);
  EvaluationOptions wanted;
  wanted.game = measure == Measure::game;
  const Evaluation evaluation = measure == Measure::outputs
                                    ? evaluate(Inspector::load(model, options), entries, wanted, reporter, stop)
                                    : evaluate(Counter::load(model, options), entries, wanted, reporter, stop);
  Judgement judgement;
  judgement.images = evaluation.errors.images;
  if (measure == Measure::outputs) {
    judgement.lines = lines_of_outputs(evaluation);
  } else if (measure == Measure::errors) {
    add_errors(judgement.lines, "", evaluation.errors);
  } else if (evaluation.game) {
    add_line(judgement.lines, "", {evaluation.game->begin(), evaluation.game->end()});
  }
  if (judgement.lines.empty()) {
    throw Error(ErrorKind::input,
                text(config.data.manifest, ": its split test gives no figure: are heads marked in it?"));
  }
  return judgement;
}

}  // namespace throng
