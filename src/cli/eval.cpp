#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "cli/commands.h"
#include "cli/counting.h"
#include "cli/csv.h"
#include "cli/streams.h"
#include "core/config.h"
#include "core/file.h"
#include "core/text.h"
#include "data/manifest.h"
#include "image/codec.h"
#include "metrics/errors.h"
#include "report/heatmap.h"
#include "throng/error.h"

namespace throng {

namespace {

struct EvalArguments {
  std::string data;
  std::string split;
  bool json = false;
  std::string csv;
  std::string worst;
  std::int64_t worst_count = 10;
  std::int64_t limit = 0;
  ModelOptions model;
};

struct EvalRow {
  std::string path;
  double count = 0;
  double truth = 0;
  std::string problem;  ///< of a picture that cannot be read; it is left out of the figures

  double error() const { return count - truth; }
};

/// A badly counted picture, kept until all are known.
struct WorstCase {
  EvalRow row;
  CountResult result;
};

/// Counts one split of a data set and compares with its annotations.
class EvalRun {
 public:
  EvalRun(const EvalArguments& arguments, CommandContext& context)
      : arguments_(arguments),
        context_(context),
        entries_(read_manifest(arguments.data).split(arguments.split)),
        data_sha256_(manifest_sha256(arguments.data)),
        counter_(load_counter(arguments.model)) {
    if (!arguments.csv.empty()) check_can_write(arguments.csv);
    if (!arguments.worst.empty()) make_folder(arguments.worst);
    if (arguments.limit > 0 && static_cast<std::size_t>(arguments.limit) < entries_.size()) {
      entries_.resize(static_cast<std::size_t>(arguments.limit));
    }
  }

  void run() {
    const auto total = static_cast<std::int64_t>(entries_.size());
    for (const ManifestEntry& entry : entries_) {
      context_.reporter.progress(static_cast<std::int64_t>(rows_.size()), total, entry.image.string());
      if (context_.stop.stop_requested()) {
        throw Error(ErrorKind::interrupted, text("interrupted after ", rows_.size(), " of ", total,
                                                 " pictures: figures of a part would mislead"));
      }
      rows_.push_back(evaluate(entry));
    }
    context_.reporter.progress(total, total);
    if (meter_.result().images == 0) throw Error(ErrorKind::input, "none of the pictures could be read");
    // The figures first: a full disk must not cost them.
    context_.print(arguments_.json ? json().dump(2, ' ', false, Json::error_handler_t::replace) + "\n" : summary());
    if (!arguments_.csv.empty()) write_file(arguments_.csv, csv());
    if (!arguments_.worst.empty()) draw_worst();
  }

 private:
  EvalRow evaluate(const ManifestEntry& entry) {
    EvalRow row;
    row.path = entry.image.string();
    row.truth = static_cast<double>(entry.points.size());
    try {
      CountedImage counted = count_file(counter_, row.path);
      row.count = counted.result.count;
      meter_.add(row.count, row.truth);
      if (!arguments_.worst.empty()) keep_if_worst({row, std::move(counted.result)});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      row.problem = error.what();
      context_.exit_code = kExitUnreadable;
      context_.reporter.warning(row.problem);
    }
    return row;
  }

  // Worst first; the earlier of two equals stays in front.
  void keep_if_worst(WorstCase candidate) {
    const double error = std::abs(candidate.row.error());
    const auto place =
        std::ranges::find_if(worst_, [&](const WorstCase& kept) { return std::abs(kept.row.error()) < error; });
    worst_.insert(place, std::move(candidate));
    if (worst_.size() > static_cast<std::size_t>(arguments_.worst_count)) worst_.pop_back();
  }

  void draw_worst() const {
    for (std::size_t i = 0; i < worst_.size(); ++i) {
      const EvalRow& row = worst_[i].row;
      const std::string rank = text(i < 9 ? "00" : i < 99 ? "0" : "", i + 1);
      const std::string name = text(rank, "-", std::filesystem::path(row.path).stem().string(), ".png");
      const std::string note = text("truth ", fixed(row.truth, 0), ", error ", fixed(row.error(), 1));
      save_image(heatmap_overlay(load_image(row.path), drawable_density(worst_[i].result), row.count, note),
                 std::filesystem::path(arguments_.worst) / name);
    }
  }

  std::string summary() const {
    const CountErrors errors = meter_.result();
    return text("model\t", counter_.model().name, "\t", counter_.model().sha256, "\n",                      //
                "data\t", arguments_.data, "\tsplit ", arguments_.split, "\t", errors.images, " images\n",  //
                "MAE ", fixed(errors.mae, 2), " RMSE ", fixed(errors.rmse, 2), " NAE ", fixed(errors.nae, 4), "\n");
  }

  Json json() const {
    const CountErrors errors = meter_.result();
    Json document = {{"mae", errors.mae},
                     {"rmse", errors.rmse},
                     {"nae", errors.nae},
                     {"images", errors.images},
                     {"split", arguments_.split},
                     {"model", {{"name", counter_.model().name}, {"sha256", counter_.model().sha256}}},
                     {"data_sha256", data_sha256_},
                     {"precision", counter_.precision()},
                     {"device", counter_.device()},
                     {"threads", counter_.threads()},
                     {"per_image", Json::array()}};
    for (const EvalRow& row : rows_) {
      document["per_image"].push_back(
          row.problem.empty()
              ? Json{{"path", row.path}, {"count", row.count}, {"truth", row.truth}, {"error", row.error()}}
              : Json{{"path", row.path}, {"truth", row.truth}, {"unreadable", row.problem}});
    }
    return document;
  }

  std::string csv() const {
    std::string table = csv_line({"path", "count", "truth", "error"});
    for (const EvalRow& row : rows_) {
      table += row.problem.empty() ? csv_line({row.path, text(row.count), text(row.truth), text(row.error())})
                                   : csv_line({row.path, "", text(row.truth), ""});
    }
    return table;
  }

  const EvalArguments& arguments_;
  CommandContext& context_;
  std::vector<ManifestEntry> entries_;
  std::string data_sha256_;
  Counter counter_;
  ErrorMeter meter_;
  std::vector<EvalRow> rows_;
  std::vector<WorstCase> worst_;
};

}  // namespace

void add_eval_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("eval", "Compare counts with annotations: MAE, RMSE, NAE");
  auto arguments = std::make_shared<EvalArguments>();
  command->add_option("--data", arguments->data, "manifest of the data set (see throng data import)")->required();
  command->add_option("--split", arguments->split, "which part of it")->required();
  add_model_options(*command, arguments->model);
  command->add_flag("--json", arguments->json, "one JSON document instead of lines");
  command->add_option("--csv", arguments->csv, "also write a table of all pictures to this file");
  command->add_option("--worst", arguments->worst, "folder for pictures of the worst counts, worst first");
  command->add_option("--worst-count", arguments->worst_count, "how many of them")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->add_option("--limit", arguments->limit, "only the first N pictures")->check(CLI::PositiveNumber);
  command->callback([arguments, &context] { EvalRun(*arguments, context).run(); });
}

}  // namespace throng
