#include "experiments/folds.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <system_error>
#include <utility>

#include "core/file.h"
#include "core/text.h"
#include "data/manifest.h"
#include "evaluate/evaluation.h"
#include "evaluate/present.h"
#include "run_report/run_report.h"
#include "throng/counter.h"
#include "throng/error.h"
#include "train/trainer.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

constexpr char kFold[] = "fold";
constexpr char kHeldOutFold[] = "test";

/// "fold2" before "fold10".
std::vector<std::string> folds_of(const Manifest& manifest, const std::string& path) {
  std::set<std::string> names;
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.split.starts_with(kFold)) names.insert(entry.split);
  }
  if (names.size() < 2) {
    throw Error(ErrorKind::usage,
                text("cross-validation needs at least two splits whose names begin with '", kFold, "', and ", path,
                     " has ", names.size(), ": `throng data import ucf_cc_50` makes fold1 to fold5"));
  }
  for (const std::string& name : names) {
    if (name.find('/') == std::string::npos) continue;
    throw Error(ErrorKind::usage, text(path, ": the split '", name,
                                       "' has a / in its name, and folders are called after folds: rename it"));
  }
  std::vector<std::string> folds(names.begin(), names.end());
  std::ranges::stable_sort(folds, {}, &std::string::size);
  return folds;
}

Manifest leaving_out(const Manifest& manifest, const std::string& fold) {
  Manifest chosen{manifest.name, {}};
  for (ManifestEntry entry : manifest.entries) {
    if (!entry.split.starts_with(kFold)) continue;
    entry.split = entry.split == fold ? kHeldOutFold : "train";
    chosen.entries.push_back(std::move(entry));
  }
  return chosen;
}

Json fold_json(const FoldErrors& fold) {
  Json object = {{"fold", fold.fold}};
  object.update(errors_json(fold.errors));
  object.update(Json{{"model", fold.model.string()}, {"model_sha256", fold.model_sha256}});
  return object;
}

/// The folder of a cross-validation.
class FoldsFolder {
 public:
  /// Makes the folder, or opens it to resume; `identity` is what all of its folds share.
  FoldsFolder(fs::path path, bool resume, const std::string& identity) : path_(std::move(path)) {
    if (!resume && fs::exists(path_)) {
      throw Error(ErrorKind::usage,
                  text(path_.string(), " exists: continue it with --resume, or choose another --out"));
    }
    make_folder(path_);
    if (fs::exists(identity_file())) {
      if (read_text_file(identity_file()) == identity) return;
      throw Error(ErrorKind::usage, text(path_.string(), " was made with another configuration or other data (see ",
                                         identity_file().string(), "): choose another --out"));
    }
    write_file(identity_file(), identity);
  }

  fs::path run(const std::string& fold) const { return path_ / fold; }
  fs::path manifest(const std::string& fold) const { return path_ / (fold + ".jsonl"); }

  bool finished(const std::string& fold) const { return fs::exists(result(fold)); }

  void write(const FoldErrors& fold) const { write_file(result(fold.fold), fold_json(fold).dump(2) + "\n"); }

  FoldErrors read(const std::string& fold) const {
    const fs::path path = result(fold);
    try {
      const Json object = Json::parse(read_text_file(path));
      FoldErrors read{.fold = fold,
                      .errors = {},
                      .model = object.at("model").get<std::string>(),
                      .model_sha256 = object.at("model_sha256").get<std::string>()};
      read.errors.mae = object.at("mae");
      read.errors.rmse = object.at("rmse");
      // null where no picture has people
      if (object.at("nae").is_number()) read.errors.nae = object.at("nae");
      read.errors.images = object.at("images");
      return read;
    } catch (const nlohmann::json::exception&) {
      throw Error(ErrorKind::input,
                  text(path.string(), " is not what this command wrote: remove it to evaluate the fold again"));
    }
  }

  /// Takes away what was made before the first training began, so that the same name can be used again.
  void remove_if_unused(const std::string& first_fold) const {
    std::error_code ignored;
    if (fs::exists(run(first_fold), ignored)) return;
    for (const fs::path& path : {manifest(first_fold), identity_file(), path_}) fs::remove(path, ignored);
  }

 private:
  fs::path identity_file() const { return path_ / "folds.toml"; }
  fs::path result(const std::string& fold) const { return path_ / (fold + ".json"); }

  fs::path path_;
};

FoldErrors run_fold(ExperimentConfig config, const Manifest& manifest, const std::string& fold,
                    const FoldsFolder& folder, const Reporter& reporter, const std::stop_token& stop) {
  const Manifest chosen = leaving_out(manifest, fold);
  write_manifest(chosen, folder.manifest(fold));
  config.data.manifest = folder.manifest(fold).string();
  config.data.split = "train";
  config.name += "-" + fold;
  const bool begun = fs::exists(folder.run(fold));
  const TrainResult trained = train_with_report(config, folder.run(fold), begun, reporter, stop);

  const Counter counter =
      Counter::load(trained.model, {.device = config.train.device, .threads = static_cast<int>(config.train.threads)});
  const std::vector<ManifestEntry> held_out = chosen.split(kHeldOutFold);
  const Evaluation evaluation = evaluate(counter, held_out, {}, reporter, stop);
  if (evaluation.left_out > 0) {
    throw Error(ErrorKind::input, text(fold, ": ", evaluation.left_out, " of ",
                                       quantity(static_cast<std::int64_t>(held_out.size()), "picture"),
                                       " could not be counted: mend them (see the warnings) and go on with --resume"));
  }
  return {fold, evaluation.errors, trained.model, counter.model().sha256};
}

/// What all folds share: the configuration and the data, wherever these lie.
std::string identity_of(ExperimentConfig config, const std::string& data_sha256) {
  config.data.manifest.clear();
  Json identity = config_tree(std::move(config));
  identity["data_sha256"] = data_sha256;
  return to_toml(identity);
}

CountErrors mean_of(const std::vector<FoldErrors>& folds) {
  CountErrors mean{0, 0, 0, 0};
  const auto count = static_cast<double>(folds.size());
  for (const FoldErrors& fold : folds) {
    mean.mae += fold.errors.mae / count;
    mean.rmse += fold.errors.rmse / count;
    mean.nae += fold.errors.nae / count;
    mean.images += fold.errors.images;
  }
  return mean;
}

}  // namespace

CrossValidation cross_validate(const ExperimentConfig& config, const fs::path& out, bool resume,
                               const Reporter& reporter, const std::stop_token& stop) {
  const Manifest manifest = read_manifest(config.data.manifest);
  const std::vector<std::string> folds = folds_of(manifest, config.data.manifest);
  CrossValidation result;
  result.data_sha256 = manifest_sha256(config.data.manifest);
  const FoldsFolder folder(out, resume, identity_of(config, result.data_sha256));
  for (const std::string& fold : folds) {
    if (folder.finished(fold)) {
      reporter.note(text(fold, " is finished already"));
      result.folds.push_back(folder.read(fold));
      continue;
    }
    reporter.note(text(fold, ": training on the other folds, ", result.folds.size() + 1, " of ", folds.size()));
    try {
      result.folds.push_back(run_fold(config, manifest, fold, folder, reporter, stop));
    } catch (...) {
      if (result.folds.empty()) folder.remove_if_unused(fold);
      throw;
    }
    folder.write(result.folds.back());
    reporter.note(text(fold, ": ", errors_line(result.folds.back().errors)));
  }
  result.mean = mean_of(result.folds);
  return result;
}

std::string cross_validation_text(const CrossValidation& result) {
  std::string lines;
  for (const FoldErrors& fold : result.folds) {
    lines += text(fold.fold, "\t", errors_line(fold.errors), "\t", quantity(fold.errors.images, "image"), "\n");
  }
  return lines + errors_line(result.mean) + "\n";
}

Json cross_validation_json(const CrossValidation& result) {
  Json document = errors_json(result.mean);
  document["data_sha256"] = result.data_sha256;
  document["folds"] = Json::array();
  for (const FoldErrors& fold : result.folds) document["folds"].push_back(fold_json(fold));
  return document;
}

}  // namespace throng
