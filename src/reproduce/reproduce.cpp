#include "reproduce/reproduce.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <new>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/checksum.h"
#include "core/file.h"
#include "core/folder_lock.h"
#include "core/text.h"
#include "data/manifest.h"
#include "infer/device.h"
#include "model/encoder_weights.h"
#include "reproduce/data_sets.h"
#include "reproduce/estimate.h"
#include "reproduce/measuring.h"
#include "reproduce/peak_memory.h"
#include "reproduce/plan.h"
#include "reproduce/results.h"
#include "run_report/run_report.h"
#include "throng/error.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

/// Hands progress on with the name of what is worked at, and calls `save` now and then.
class NamedProgress final : public ProgressObserver {
 public:
  NamedProgress(ProgressObserver* next, std::string name, std::function<void()> save)
      : next_(next), name_(std::move(name)), save_(std::move(save)) {}

  void progress(std::int64_t done, std::int64_t total, std::string_view detail) override {
    if (next_) next_->progress(done, total, text(name_, ", ", detail));
    constexpr std::chrono::seconds kBetweenSaves{30};
    const auto now = std::chrono::steady_clock::now();
    if (now - saved_ < kBetweenSaves) return;
    saved_ = now;
    save_();
  }

 private:
  ProgressObserver* next_;
  std::string name_;
  std::function<void()> save_;
  std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
};

/// The first line of what went wrong: behind it, torch lists addresses.
std::string sentence_of(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) return "there is not enough memory";
  const std::string_view words = error.what();
  return std::string(words.substr(0, words.find('\n')));
}

class Reproducer {
 public:
  Reproducer(const ReproduceOptions& options, const Reporter& reporter, const std::stop_token& stop)
      : options_(options),
        reporter_(reporter),
        stop_(stop),
        rows_(plan_rows(options)),
        lock_(made(options.run)),
        results_(Results::read(options.run / "results.json")),
        data_(options.data, options.run / "data", reporter, stop) {
    remove_unfinished_files(options.run);
  }

  Reproduction run() {
    for (const PlannedRow& row : rows_) look_for_inputs(row);
    warn_of_absent_inputs();
    announce();
    write_tables();
    if (!options_.estimate_only) {
      for (std::int64_t i = 0; i < options_.seeds; ++i) {
        for (const PlannedRow& row : rows_) work_on(row, row.config.train.seed + i);
      }
    }
    return outcome();
  }

 private:
  static const fs::path& made(const fs::path& folder) {
    make_folder(folder);
    return folder;
  }

  bool finished(const PlannedRow& row, std::int64_t seed) const {
    const NetworkResult* result = results_.find(row.network, seed);
    return result && result->finished(row.table->measure);
  }

  bool finished(const PlannedRow& row) const {
    for (std::int64_t i = 0; i < options_.seeds; ++i) {
      if (!finished(row, row.config.train.seed + i)) return false;
    }
    return true;
  }

  // What is measured already needs no data and no weights.
  void look_for_inputs(const PlannedRow& row) {
    if (finished(row) || states_.contains(row.network)) return;
    std::vector<std::string> needs;
    const ModelConfig& model = row.config.model;
    if (std::string absent = data_.missing(row.config.data.manifest); !absent.empty()) {
      needs.push_back(std::move(absent));
    }
    if (needs_encoder_weights(row) && !has_encoder_weights(model.encoder_weights)) {
      needs.push_back(
          text(model.encoder, " weights (", model.encoder_weights, ", a file or a name in the folder THRONG_WEIGHTS)"));
    }
    if (needs.empty() && !data_.get(row.config.data.manifest).needs.empty()) {
      needs.push_back(data_.get(row.config.data.manifest).needs);
    }
    if (needs.empty()) return;
    states_[row.network] = text("not run: needs ", join(needs, " and "));
    absent_.insert(row.network);
  }

  // A training that has been begun needs them no more.
  bool needs_encoder_weights(const PlannedRow& row) const {
    if (!row.config.train.init.empty() || row.config.model.encoder_weights.empty()) return false;
    for (std::int64_t i = 0; i < options_.seeds; ++i) {
      const NetworkResult* begun = results_.find(row.network, row.config.train.seed + i);
      if (!begun) return true;
      const fs::path folder = options_.run / begun->folder;
      if (!fs::exists(folder / kState) && !fs::exists(folder / "last.safetensors")) return true;
    }
    return false;
  }

  void warn_of_absent_inputs() const {
    std::map<std::string, std::vector<std::string>> rows;
    for (const PlannedRow& row : rows_) {
      if (absent_.contains(row.network)) rows[states_.at(row.network)].push_back(row.name());
    }
    for (const auto& [state, names] : rows) reporter_.warning(text(join(names, ", "), ": ", state));
  }

  ExperimentConfig config_of(const PlannedRow& row, std::int64_t seed) {
    ExperimentConfig config = row.config;
    config.train.seed = seed;
    config.data.manifest = data_.get(row.config.data.manifest).manifest.string();
    return config;
  }

  // Measures what the work to do takes, says so, and refuses when the disk is too small for it.
  void announce() {
    CostEstimator estimator(stop_);
    double seconds = 0;
    std::int64_t kept = 0, passing = 0, there = 0, networks = 0;
    std::set<std::string> seen;
    for (const PlannedRow& row : rows_) {
      if (finished(row) || states_.contains(row.network) || !seen.insert(row.network).second) continue;
      guard(row, [&] {
        reporter_.progress(networks, static_cast<std::int64_t>(rows_.size()), text("measuring ", row.name()));
        const TrainingCost cost = estimator.cost(config_of(row, row.config.train.seed));
        for (std::int64_t i = 0; i < options_.seeds; ++i) {
          const NetworkResult* begun = results_.find(row.network, row.config.train.seed + i);
          if (begun && begun->trained) continue;
          ++networks;
          seconds += std::max(0.0, cost.seconds - (begun ? begun->seconds : 0.0));
          kept += cost.kept_bytes;
          passing = std::max(passing, cost.passing_bytes);
          if (begun) there += bytes_in(options_.run / begun->folder);
        }
      });
    }
    if (networks == 0) return;
    reporter_.note(text(quantity(networks, "training"), " for ",
                        quantity(static_cast<std::int64_t>(rows_.size()), "row"), ": about ", human_duration(seconds),
                        ", ", human_bytes(kept), " in ", options_.run.string(), " and ", human_bytes(passing),
                        " more while it works"));
    require_free_bytes(options_.run, kept + passing - there);
  }

  // A row that fails is marked, and the others go on.
  void guard(const PlannedRow& row, const std::function<void()>& work) {
    try {
      work();
    } catch (const std::exception& error) {
      const auto* ours = dynamic_cast<const Error*>(&error);
      if (ours && ours->kind() == ErrorKind::interrupted) throw;
      states_[row.network] = text("failed: ", sentence_of(error));
      reporter_.warning(text(row.name(), " ", states_[row.network]));
    }
  }

  void work_on(const PlannedRow& row, std::int64_t seed) {
    if (finished(row, seed) || states_.contains(row.network)) return;
    guard(row, [&] {
      NetworkResult& result = results_.begin(row.network, seed, row.name());
      const ExperimentConfig config = config_of(row, seed);
      try {
        if (!is_trained(result)) train_network(config, result);
        judge_network(row, config, result);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::interrupted) throw;
        throw Error(ErrorKind::interrupted, text("stopped at ", row.name(), ", seed ", seed,
                                                 ": everything is saved, and the same command goes ", "on with it"));
      }
    });
    write_tables();
  }

  // Its moments are dropped only when a training is finished: models without them are of a lost record.
  bool is_trained(NetworkResult& result) const {
    const fs::path folder = options_.run / result.folder;
    for (const char* name : {"best.safetensors", "last.safetensors"}) {
      if (!fs::exists(folder / name)) continue;
      if (result.trained) return true;
      if (fs::exists(folder / kState)) return false;
      result.model = name;
      result.trained = true;
      return true;
    }
    result.trained = false;
    return false;
  }

  void train_network(const ExperimentConfig& config, NetworkResult& result) {
    const std::string name = text(result.row, " seed ", result.seed);
    reporter_.note(text("training ", name));
    const at::Device device = torch_device(parse_device(config.train.device));
    const PeakMemory memory(device);
    const double before = result.seconds;
    const auto started = std::chrono::steady_clock::now();
    const auto save = [&] {
      result.seconds = before + std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
      result.peak_bytes = std::max(result.peak_bytes, memory.bytes());
      results_.write();
    };
    result.epochs = config.train.epochs;
    result.device = device.str();
    save();
    NamedProgress progress(reporter_.observer, name, save);
    const fs::path folder = options_.run / result.folder;
    make_folder(folder.parent_path());
    try {
      const auto finished = [&](const TrainResult& trained) {
        result.model = trained.model.filename().string();
        result.trained = true;
        save();  // the time is that of training, not of its report
      };
      train_with_report(config, folder, /*resume=*/true, {reporter_.messages, &progress}, stop_, finished);
    } catch (...) {
      if (!result.trained) save();
      throw;
    }
  }

  void judge_network(const PlannedRow& row, const ExperimentConfig& config, NetworkResult& result) {
    const fs::path folder = options_.run / result.folder;
    const fs::path model = folder / result.model;
    NamedProgress progress(reporter_.observer, text("judging ", row.name(), " seed ", result.seed), [] {});
    Judgement judgement = judge(row.table->measure, model, config, {reporter_.messages, &progress}, stop_);
    result.lines[row.table->measure] = std::move(judgement.lines);
    result.images = judgement.images;
    result.model_sha256 = sha256_of_file(model);
    result.data_sha256 = manifest_sha256(config.data.manifest);
    results_.write();
    std::error_code ignored;
    fs::remove(folder / kState, ignored);
  }

  ComparedRow compared(const PlannedRow& row) const {
    ComparedRow compared;
    compared.row = row.row;
    compared.data_set = row.data_set;
    compared.other_data = row.own_data;
    compared.seeds = options_.seeds;
    for (std::int64_t i = 0; i < options_.seeds; ++i) {
      const std::int64_t seed = row.config.train.seed + i;
      if (!finished(row, seed)) continue;
      compared.results.push_back(*results_.find(row.network, seed));
      if (compared.results.back().row != row.name()) compared.trained_for = compared.results.back().row;
    }
    if (finished(row)) return compared;
    const auto state = states_.find(row.network);
    if (state != states_.end()) {
      compared.state = state->second;
    } else if (compared.results.empty()) {
      compared.state = "to do";
    }
    return compared;
  }

  /// What stands below a table's title.
  std::vector<std::string> notes_of(const std::vector<ComparedRow>& rows,
                                    const std::vector<const PlannedRow*>& planned) {
    std::vector<std::string> notes;
    const auto add = [&](std::string sentence) {
      if (std::ranges::find(notes, sentence) == notes.end()) notes.push_back(std::move(sentence));
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const PlannedRow& row = *planned[i];
      const std::string title = row.own_data ? text(row.config.data.manifest, " (not the paper's data)")
                                             : std::string(find_benchmark(row.data_set).title);
      for (const NetworkResult& result : rows[i].results) {
        add(text(title, ", split test, ", result.images, " pictures, counted in fp32; trained on ", result.device,
                 "."));
      }
    }
    for (const PlannedRow* row : planned) {
      for (std::string& sentence : differences_from_paper(*row)) add(std::move(sentence));
    }
    if (options_.seeds > 1) add(text("Ours: mean and sample standard deviation of ", options_.seeds, " seeds."));
    add("RMSE is what the paper calls MSE; time is that of training one seed, memory the most that it took.");
    return notes;
  }

  std::vector<Comparison> comparisons() {
    std::vector<Comparison> tables;
    std::vector<const PlannedRow*> planned;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const PlannedRow& row = rows_[i];
      if (tables.empty() || tables.back().table != row.table) {
        tables.push_back({.table = row.table, .notes = {}, .rows = {}});
        planned.clear();
      }
      planned.push_back(&row);
      tables.back().rows.push_back(compared(row));
      const bool last = i + 1 == rows_.size() || rows_[i + 1].table != row.table;
      if (last) tables.back().notes = notes_of(tables.back().rows, planned);
    }
    return tables;
  }

  void write_tables() {
    for (const Comparison& table : comparisons()) {
      write_file(options_.run / (table.table->name + ".md"), comparison_markdown(table));
      write_file(options_.run / (table.table->name + ".html"), comparison_html(table));
    }
  }

  Reproduction outcome() {
    Reproduction outcome;
    outcome.tables = comparisons();
    for (const PlannedRow& row : rows_) {
      if (finished(row)) {
        ++outcome.finished;
      } else if (absent_.contains(row.network)) {
        ++outcome.not_run;
      } else if (states_.contains(row.network)) {
        ++outcome.failed;
      }
    }
    return outcome;
  }

  static constexpr const char* kState = "state.safetensors";

  const ReproduceOptions& options_;
  Reporter reporter_;
  std::stop_token stop_;
  std::vector<PlannedRow> rows_;
  FolderLock lock_;
  Results results_;
  DataSets data_;
  std::map<std::string, std::string> states_;  // of networks that cannot be finished now: why
  std::set<std::string> absent_;               // those of them that lack data or weights
};

}  // namespace

Reproduction reproduce(const ReproduceOptions& options, const Reporter& reporter, const std::stop_token& stop) {
  return Reproducer(options, reporter, stop).run();
}

}  // namespace throng
