#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include "cli/commands.h"
#include "cli/counting.h"
#include "cli/output_names.h"
#include "cli/replaceable.h"
#include "core/config.h"
#include "core/file.h"
#include "core/text.h"
#include "data/manifest.h"
#include "evaluate/evaluation.h"
#include "evaluate/present.h"
#include "evaluate/submission.h"
#include "image/codec.h"
#include "image/own_mark.h"
#include "infer/drawable_density.h"
#include "report/heatmap.h"
#include "report/mark.h"

namespace throng {

namespace {

struct EvalArguments {
  std::string data;
  std::string split;
  bool json = false;
  bool experts = false;
  std::string csv;
  std::string submission;
  std::string worst;
  std::int64_t worst_count = 10;
  std::int64_t limit = 0;
  EvaluationOptions measured;
  ModelOptions model;
};

/// What a report says about the model that counted.
struct ModelFacts {
  ModelInfo info;
  std::string precision;
  std::string device;
  int threads = 0;
};

/// "001-street.png"
bool has_rank(const std::string& name) {
  const std::size_t digits = name.find_first_not_of("0123456789");
  return digits != std::string::npos && digits >= 3 && name[digits] == '-';
}

/// Between the new pictures those of an earlier run would seem to be of this one.
void remove_earlier_worst(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> earlier;
  std::error_code error;
  for (auto file = std::filesystem::directory_iterator(folder, error); !error && file != end(file);
       file.increment(error)) {
    if (has_rank(file->path().filename().string()) && is_own_drawing(file->path())) earlier.push_back(file->path());
  }
  for (const std::filesystem::path& path : earlier) std::filesystem::remove(path, error);
}

/// Counts one split of a data set and compares with its annotations.
class EvalRun {
 public:
  EvalRun(const EvalArguments& arguments, CommandContext& context)
      : arguments_(arguments),
        context_(context),
        measured_(arguments.measured),
        data_sha256_(manifest_sha256(arguments.data)) {
    const Manifest manifest = read_manifest(arguments.data);
    entries_ = manifest.split(arguments.split);
    if (arguments.limit > 0 && static_cast<std::size_t>(arguments.limit) < entries_.size()) {
      entries_.resize(static_cast<std::size_t>(arguments.limit));
    }
    measured_.game = measured_.game || judged_by_game(manifest);
    measured_.unannotated = !arguments.submission.empty();
    measured_.keep_worst = arguments.worst.empty() ? 0 : arguments.worst_count;
    check_outputs();
    if (!arguments.worst.empty()) make_folder(arguments.worst);
  }

  void run() {
    count();
    if (evaluation_.left_out > 0) context_.exit_code = kExitUnreadable;
    // The figures first: a full disk must not cost them.
    context_.print(arguments_.json ? json().dump(2, ' ', false, Json::error_handler_t::replace) + "\n" : summary());
    if (!arguments_.csv.empty()) write_file(arguments_.csv, evaluation_csv(evaluation_));
    if (!arguments_.submission.empty()) write_file(arguments_.submission, submission_text(evaluation_));
    draw_worst();
  }

 private:
  void check_outputs() const {
    if (!arguments_.csv.empty()) check_output(arguments_.csv, OutputKind::table);
    if (!arguments_.submission.empty()) check_output(arguments_.submission, OutputKind::submission);
    check_different("--csv", arguments_.csv, "--submission", arguments_.submission);
  }

  void count() {
    if (arguments_.experts) {
      evaluate_with(load_inspector(arguments_.model));
    } else {
      evaluate_with(load_counter(arguments_.model));
    }
  }

  /// `model` is a Counter or an Inspector.
  template <class Model>
  void evaluate_with(const Model& model) {
    facts_ = {model.model(), model.precision(), model.device(), model.threads()};
    evaluation_ = evaluate(model, entries_, measured_, context_.reporter, context_.stop);
  }

  void draw_worst() const {
    if (arguments_.worst.empty()) return;
    remove_earlier_worst(arguments_.worst);
    OutputNames names(arguments_.worst, ".png", {});
    for (std::size_t i = 0; i < evaluation_.worst.size(); ++i) {
      const auto& [image, result] = evaluation_.worst[i];
      const std::string rank = text(i < 9 ? "00" : i < 99 ? "0" : "", i + 1);
      const std::filesystem::path path =
          names.next(text(rank, "-", std::filesystem::path(image.path).stem().string(), ".png"));
      if (!names.kept().empty()) {
        context_.reporter.note(
            text("'", names.kept().string(), "' was not made by throng and stays: another name is taken"));
      }
      const std::string note = text("truth ", fixed(image.truth, 0), ", error ", fixed(image.error(), 1));
      save_marked_png(
          heatmap_overlay(load_image(image.path), drawable_density(result), image.count, note, result.points()), path);
    }
  }

  std::string summary() const {
    return text("model\t", facts_.info.name, "\t", facts_.info.sha256, "\n",  //
                "data\t", arguments_.data, "\tsplit ", arguments_.split, "\t",
                quantity(evaluation_.errors.images, "image"), "\n", evaluation_text(evaluation_));
  }

  Json json() const {
    Json document = evaluation_json(evaluation_);
    // The many rows stay last.
    Json rows = std::move(document["per_image"]);
    document.erase("per_image");
    document.update(Json{{"split", arguments_.split},
                         {"model", {{"name", facts_.info.name}, {"sha256", facts_.info.sha256}}},
                         {"data_sha256", data_sha256_},
                         {"precision", facts_.precision},
                         {"device", facts_.device},
                         {"threads", facts_.threads}});
    document["per_image"] = std::move(rows);
    return document;
  }

  const EvalArguments& arguments_;
  CommandContext& context_;
  EvaluationOptions measured_;
  std::vector<ManifestEntry> entries_;
  std::string data_sha256_;
  ModelFacts facts_;
  Evaluation evaluation_;
};

}  // namespace

void add_eval_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("eval", "Compare counts with annotations: MAE, RMSE, NAE and others");
  auto arguments = std::make_shared<EvalArguments>();
  EvaluationOptions& measured = arguments->measured;
  command->add_option("--data", arguments->data, "manifest of the data set (see throng data import)")->required();
  command->add_option("--split", arguments->split, "which part of it")->required();
  add_model_options(*command, arguments->model);
  add_interval_option(*command, arguments->model.counter);
  add_scale_options(*command, arguments->model.counter);
  command->add_flag("--json", arguments->json, "one JSON document instead of lines");
  command->add_option("--by", measured.labels, "also errors by the values of a label of the data set: --by weather")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--game", measured.game, "also GAME(0) to GAME(3); always for TRANCOS");
  command->add_flag("--foreground", measured.foreground, "also errors on the foreground, where the true density is");
  command->add_flag("--maps", measured.maps, "also PSNR and SSIM of the density maps");
  command->add_flag("--experts", arguments->experts, "also errors of every expert and group of the network")
      ->excludes("--interval")
      ->excludes("--scale")
      ->excludes("--mirror");
  command->add_option("--csv", arguments->csv, "also write a table of all pictures to this file");
  command->add_option("--submission", arguments->submission,
                      "also write the counts to this file as benchmarks take them (NWPU-Crowd), one line \"ID COUNT\" "
                      "a picture; pictures without annotations are counted too");
  command->add_option("--worst", arguments->worst,
                      "folder for pictures of the worst counts, worst first; they replace those of an earlier run");
  command->add_option("--worst-count", arguments->worst_count, "how many of them")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_option("--limit", arguments->limit, "only the first N pictures")->check(CLI::PositiveNumber);
  command->callback([arguments, &context] { EvalRun(*arguments, context).run(); });
}

}  // namespace throng
