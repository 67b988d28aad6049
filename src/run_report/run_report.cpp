#include "run_report/run_report.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/text.h"
#include "evaluate/evaluation.h"
#include "report/html.h"
#include "run_report/count_section.h"
#include "run_report/curves.h"
#include "run_report/live_report.h"
#include "run_report/run_log.h"
#include "throng/error.h"
#include "train/config.h"
#include "train/dataset.h"

namespace throng {
namespace {

constexpr const char* kCountsHeading = "Counts of the validation images";

/// What the folder of a run says.
struct RunFacts {
  std::filesystem::path folder;
  std::string config_text;
  std::optional<ExperimentConfig> config;  ///< nothing where another version wrote keys that this one does not know
  std::string config_problem;
  Json provenance;
  RunLog log;
};

Json read_provenance(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return Json::object();
  const Json provenance = Json::parse(read_text_file(path), nullptr, /*allow_exceptions=*/false);
  return provenance.is_object() ? provenance : Json::object();
}

std::filesystem::path config_of(const std::filesystem::path& run) { return run / "config.toml"; }

RunFacts read_run(const std::filesystem::path& folder) {
  const std::filesystem::path config = config_of(folder);
  if (!is_run_folder(folder)) {
    throw Error(ErrorKind::usage, text(folder.string(), " is not the folder of a training run: there is no ",
                                       config.filename().string(), " in it; name what was given to --out"));
  }
  RunFacts facts{folder,
                 read_text_file(config),
                 {},
                 "",
                 read_provenance(folder / "provenance.json"),
                 RunLog(folder / "metrics.jsonl")};
  try {
    facts.config = read_experiment(config);
  } catch (const Error& error) {
    facts.config_problem = error.what();
  }
  return facts;
}

std::string name_of(const RunFacts& facts) {
  if (facts.config && facts.config->name != "config") return facts.config->name;
  const std::filesystem::path folder = std::filesystem::absolute(facts.folder).lexically_normal();
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

/// Crops per second over all epochs whose speed is known: not that of one which a resumed run only judged, where older
/// versions wrote 0.
std::optional<double> mean_speed(const RunLog& log) {
  double epochs = 0;
  double inverse = 0;
  for (const double speed : log.series("", "crops_per_second").y) {
    if (!(speed > 0)) continue;
    epochs += 1;
    inverse += 1 / speed;
  }
  return epochs > 0 ? std::optional(epochs / inverse) : std::nullopt;
}

/// Seconds of all steps, from the logged speeds; what validation and checkpoints took is not logged.
std::optional<double> training_seconds(const RunFacts& facts) {
  const std::optional<double> usual = mean_speed(facts.log);
  if (!facts.config || !usual) return {};
  const Series steps = facts.log.series("", "step");
  const Series speeds = facts.log.series("", "crops_per_second");
  double seconds = 0;
  double before = 0;
  for (std::size_t i = 0; i < steps.y.size(); ++i) {
    const double speed = speeds.y[i] > 0 ? speeds.y[i] : *usual;
    seconds += (steps.y[i] - before) * static_cast<double>(facts.config->train.batch) / speed;
    before = steps.y[i];
  }
  return std::isfinite(seconds) ? std::optional(seconds) : std::nullopt;
}

void add_best(std::vector<HtmlFact>& facts, const RunLog& log) {
  const Series mae = log.present("validation", "mae");
  if (mae.y.empty()) return;
  const auto best = static_cast<std::size_t>(std::ranges::min_element(mae.y) - mae.y.begin());
  facts.push_back({fixed(mae.y[best], 2), text("best validation MAE, epoch ", fixed(mae.x[best], 0))});
  const Series rmse = log.present("validation", "rmse");
  if (rmse.x == mae.x) facts.push_back({fixed(rmse.y[best], 2), "RMSE of the same epoch"});
}

/// "276 + 24 training images + rendered scenes", "24 validation images".
void add_sizes(std::vector<HtmlFact>& facts, const Json& provenance) {
  const auto number = [&](const char* key) {
    const auto found = provenance.find(key);
    return found != provenance.end() && found->is_number_integer() ? found->get<std::int64_t>() : std::int64_t{0};
  };
  const std::int64_t images = number("training_images");
  const std::int64_t scenes = number("rendered_scenes");
  if (scenes > 0) {
    facts.push_back({text(images, " + ", scenes), "training images + rendered scenes"});
  } else if (images > 0) {
    facts.push_back({text(images), "training images"});
  }
  if (provenance.contains("validation_images")) {
    facts.push_back({text(number("validation_images")), "validation images"});
  }
}

double epochs_done(const RunLog& log) { return log.lines().empty() ? 0 : log.series("", "epoch").y.back(); }

std::string overview(const RunFacts& facts) {
  std::vector<HtmlFact> shown;
  add_best(shown, facts.log);
  const double done = epochs_done(facts.log);
  const std::string epochs = std::isfinite(done) ? fixed(done, 0) : "-";
  shown.push_back({facts.config ? text(epochs, " of ", facts.config->train.epochs) : epochs, "epochs"});
  if (!facts.log.lines().empty()) shown.push_back({fixed(facts.log.series("", "step").y.back(), 0), "steps"});
  add_sizes(shown, facts.provenance);
  if (!facts.log.lines().empty()) {
    const std::optional<double> speed = mean_speed(facts.log);
    shown.push_back({speed ? fixed(*speed, 1) : "-", "crops per second"});
  }
  if (const auto seconds = training_seconds(facts)) {
    shown.push_back({human_duration(*seconds), "in training steps"});
  }
  std::string html = html_facts(shown);
  if (facts.config && done < static_cast<double>(facts.config->train.epochs)) {
    html += html_paragraph(
        "The training has not come to its end: this is how far it got, or had got when this page was "
        "written.");
  }
  return html;
}

std::string setup_section(const RunFacts& facts) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [key, value] : facts.provenance.items()) {
    std::string name = key;
    std::ranges::replace(name, '_', ' ');
    rows.push_back({name, value.is_string() ? value.get<std::string>()
                                            : value.dump(-1, ' ', false, Json::error_handler_t::replace)});
  }
  std::string body;
  if (!rows.empty()) body += html_table(std::vector<std::string>{"What", "Value"}, rows);
  if (!facts.config_problem.empty()) body += html_paragraph(facts.config_problem);
  body += html_details("Configuration: every key as it was used (config.toml)", facts.config_text);
  return html_section("Data and configuration", body);
}

/// Sections about the best model, or one that says why there is none.
struct Judgement {
  std::string html;
  bool complete = true;
};

Judgement only_words(std::string_view words, bool complete = true) {
  return {html_section(kCountsHeading, html_paragraph(words)), complete};
}

Judgement judge_best(const RunFacts& facts, const RunReportOptions& options, const Reporter& reporter,
                     const std::stop_token& stop) {
  if (!facts.config) throw Error(ErrorKind::usage, facts.config_problem);
  ExperimentConfig config = *facts.config;
  if (!options.manifest.empty()) config.data.manifest = options.manifest;
  const Dataset data = make_dataset(config.data, static_cast<std::uint64_t>(config.train.seed));
  if (data.validation.empty()) {
    return only_words(
        "The run holds no images out to be judged by (data.validation = 0), so there are no counts, no "
        "errors by level and no worst images.");
  }
  const std::filesystem::path model = facts.folder / "best.safetensors";
  if (!std::filesystem::exists(model)) {
    return only_words(
        "No model has been judged yet: counts, errors by level and worst images come with the first "
        "validation.");
  }
  const Counter counter = Counter::load(model, options.counter);
  EvaluationOptions measured;
  measured.keep_worst = options.worst;
  const Evaluation evaluation = evaluate(counter, data.validation, measured, reporter, stop);
  std::string html;
  const Json then = facts.provenance.value("data_sha256", Json());
  if (then.is_string() && then != data.sha256) {
    const std::string words =
        text("the data set ", config.data.manifest, " is not the one that the run was trained on ",
             "(another checksum): images that were trained on may be among those judged here");
    reporter.warning(words);
    html += html_paragraph(text("Attention: ", words, "."));
  }
  return {html + count_sections(evaluation, data.validation, reporter), true};
}

Judgement judge(const RunFacts& facts, const RunReportOptions& options, const Reporter& reporter,
                const std::stop_token& stop) {
  try {
    return judge_best(facts, options, reporter, stop);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    reporter.warning(text("the report has no counts: ", error.what()));
    return only_words(text("The validation images could not be counted: ", error.what()), false);
  }
}

void write_page(const RunFacts& facts, const std::string& counts) {
  const std::string body = overview(facts) + validation_section(facts.log) + counts + loss_section(facts.log) +
                           progress_section(facts.log) + setup_section(facts);
  write_file(run_report_path(facts.folder), html_page(text("Training run: ", name_of(facts)), body));
}

}  // namespace

std::filesystem::path run_report_path(const std::filesystem::path& run) { return run / "report.html"; }

bool is_run_folder(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::exists(config_of(folder), error);
}

bool write_run_report(const std::filesystem::path& run, const RunReportOptions& options, const Reporter& reporter,
                      const std::stop_token& stop) {
  const RunFacts facts = read_run(run);
  write_page(facts, only_words("Not counted yet: 'throng report' and the end of the training do that.").html);
  if (!options.judge) return true;
  const Judgement judgement = judge(facts, options, reporter, stop);
  write_page(facts, judgement.html);
  return judgement.complete;
}

TrainResult train_with_report(const ExperimentConfig& config, const std::filesystem::path& run, bool resume,
                              const Reporter& reporter, const std::stop_token& stop,
                              const std::function<void(const TrainResult&)>& finished) {
  LiveReport live(run, reporter);
  TrainResult result;
  try {
    result = train(config, run, resume, {reporter.messages, &live}, stop);
  } catch (...) {
    live.write_now();
    throw;
  }
  if (finished) finished(result);
  RunReportOptions options;
  options.counter.device = config.train.device;
  options.counter.threads = static_cast<int>(config.train.threads);
  try {
    write_run_report(run, options, reporter, stop);
  } catch (const Error& error) {
    // The training itself has succeeded.
    if (error.kind() == ErrorKind::interrupted) throw;
    reporter.warning(text("there is no whole report of the run: ", error.what()));
  } catch (const std::exception& error) {
    reporter.warning(text("there is no whole report of the run: ", error.what()));
  }
  return result;
}

}  // namespace throng
