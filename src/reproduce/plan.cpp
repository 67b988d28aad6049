#include "reproduce/plan.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "core/checksum.h"
#include "core/text.h"
#include "model/encoder_weights.h"
#include "reproduce/data_sets.h"
#include "throng/error.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

/// Files with an encoder's ImageNet weights, the one that the paper's configurations name first.
const std::vector<std::string>& usual_weights(const std::string& encoder) {
  static const std::map<std::string, std::vector<std::string>> names = {
      {"vgg16_bn", {"vgg16_bn-6c64b313"}},
      {"vgg16", {"vgg16-397923af"}},
      {"vgg19", {"vgg19-dcbb9e9d"}},
      {"resnet50", {"resnet50-0676ba61", "resnet50-11ad3fa6", "resnet50_layer3_imagenet"}},
      {"resnet18", {"resnet18-f37072fd", "resnet18-5c106cde", "resnet18_layer3_imagenet_bnfolded"}},
  };
  const auto found = names.find(encoder);
  if (found != names.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, files] : names) known.push_back(name);
  const std::string near = nearest_name(encoder, known);
  throw Error(ErrorKind::usage,
              text("there is no encoder '", encoder, "'", near.empty() ? "" : ", did you mean '" + near + "'?",
                   "; there are: ", join(known, ", ")));
}

/// The first of these files that is there; the first of all when none is.
std::string weights_at_hand(const std::vector<std::string>& names) {
  const auto found = std::ranges::find_if(names, [](const std::string& name) { return has_encoder_weights(name); });
  return found == names.end() ? names.front() : *found;
}

[[noreturn]] void unknown(std::string_view what, std::string_view word, const std::vector<std::string>& known) {
  const std::string near = nearest_name(word, known);
  throw Error(ErrorKind::usage,
              text("there is no ", what, " '", word, "'", near.empty() ? "" : ", did you mean '" + near + "'?",
                   "; there are: ", join(known, ", ")));
}

const PaperTable& table_called(const std::string& name) {
  std::vector<std::string> known;
  for (const PaperTable& table : paper_tables()) {
    if (table.name == name) return table;
    known.push_back(table.name);
  }
  unknown("table", name, known);
}

std::vector<const PaperTable*> chosen_tables(const std::vector<std::string>& names) {
  std::vector<const PaperTable*> tables;
  const auto add = [&](const PaperTable& table) {
    if (std::ranges::find(tables, &table) == tables.end()) tables.push_back(&table);
  };
  for (const std::string& name : names) {
    if (name == "all") {
      for (const PaperTable& table : paper_tables()) add(table);
    } else {
      add(table_called(name));
    }
  }
  if (tables.empty()) throw Error(ErrorKind::usage, "name the tables to reproduce, such as table4");
  return tables;
}

void check_rows(const std::vector<std::string>& wanted, const std::vector<const PaperTable*>& tables) {
  std::vector<std::string> known;
  for (const PaperTable* table : tables) {
    for (const PaperRow& row : table->rows) known.push_back(row.name);
  }
  for (const std::string& name : wanted) {
    const bool there = std::ranges::any_of(tables, [&](const PaperTable* table) {
      return std::ranges::any_of(
          table->rows, [&](const PaperRow& row) { return name == row.name || name == table->name + "/" + row.name; });
    });
    if (!there) unknown("row", name, known);
  }
}

bool is_wanted(const std::vector<std::string>& wanted, const PaperTable& table, const PaperRow& row) {
  return wanted.empty() || std::ranges::find(wanted, row.name) != wanted.end() ||
         std::ranges::find(wanted, table.name + "/" + row.name) != wanted.end();
}

/// What the options mean for one configuration.
std::vector<std::string> changes_for(const ExperimentConfig& paper, const ReproduceOptions& options) {
  std::vector<std::string> changes;
  if (!options.data_set.empty() && paper.data.manifest == "sha.jsonl" && options.data_set != "sha") {
    changes.push_back(text("data.manifest=\"", find_benchmark(options.data_set).key, ".jsonl\""));
    // The paper trains on crops of 256 pixels everywhere but on ShanghaiTech A.
    constexpr std::int64_t kCropOfShanghaiTechA = 128, kCropElsewhere = 256;
    if (paper.train.augment.crop == kCropOfShanghaiTechA) changes.push_back(text("train.crop=", kCropElsewhere));
  }
  if (options.epochs > 0) changes.push_back(text("train.epochs=", options.epochs));
  if (options.limit > 0) changes.push_back(text("data.limit=", options.limit));
  if (!options.encoder.empty()) {
    changes.push_back(text("model.encoder=\"", options.encoder, "\""));
    changes.push_back(text("model.encoder_weights=\"", weights_at_hand(usual_weights(options.encoder)), "\""));
  }
  changes.insert(changes.end(), options.changes.begin(), options.changes.end());
  return changes;
}

/// What does not decide the weights, and what a caption says in words of its own.
ExperimentConfig without_circumstances(ExperimentConfig config) {
  config.name.clear();
  config.data.workers = config.data.cache_mib = 0;
  config.train.threads = config.train.checkpoint_steps = 0;
  config.train.device.clear();
  config.train.seed = 0;
  return config;
}

void flatten_tree(const Json& tree, const std::string& prefix, std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : tree.items()) {
    if (value.is_object()) {
      flatten_tree(value, text(prefix, name, "."), values);
    } else {
      values[prefix + name] = value.dump();
    }
  }
}

std::map<std::string, std::string> flat_values(const ExperimentConfig& config) {
  std::map<std::string, std::string> values;
  flatten_tree(config_tree(without_circumstances(config)), "", values);
  return values;
}

}  // namespace

// Of the values that are not the defaults, so that a key which a later program adds changes nothing.
std::string network_of(const ExperimentConfig& config) {
  constexpr std::size_t kDigits = 10;
  const std::map<std::string, std::string> defaults = flat_values(ExperimentConfig());
  Sha256 sum;
  for (const auto& [key, value] : flat_values(config)) {
    if (defaults.at(key) != value) sum.add(text(key, " = ", value, "\n"));
  }
  return sum.hex().substr(0, kDigits);
}

std::vector<PlannedRow> plan_rows(const ReproduceOptions& options) {
  const std::vector<const PaperTable*> tables = chosen_tables(options.tables);
  check_rows(options.rows, tables);
  if (!options.data_set.empty()) find_benchmark(options.data_set);
  std::vector<PlannedRow> rows;
  for (const PaperTable* table : tables) {
    for (const PaperRow& row : table->rows) {
      if (!is_wanted(options.rows, *table, row)) continue;
      const fs::path file = options.configs / table->name / (row.name + ".toml");
      PlannedRow planned;
      planned.table = table;
      planned.row = &row;
      planned.paper = read_experiment(file);
      planned.config = read_experiment(file, changes_for(planned.paper, options));
      planned.network = network_of(planned.config);
      const Benchmark* benchmark = benchmark_of(planned.config.data.manifest);
      planned.own_data = !benchmark;
      if (!benchmark) benchmark = benchmark_of(planned.paper.data.manifest);
      if (benchmark) planned.data_set = benchmark->key;
      rows.push_back(std::move(planned));
    }
  }
  return rows;
}

std::vector<std::string> differences_from_paper(const PlannedRow& row) {
  std::vector<std::string> sentences;
  const ExperimentConfig& ours = row.config;
  const ExperimentConfig& paper = row.paper;
  if (ours.model.encoder != paper.model.encoder) {
    sentences.push_back(text("The encoder is ", ours.model.encoder, "; the paper's is ", paper.model.encoder, "."));
  }
  if (ours.model.encoder_weights.empty() && ours.train.init.empty() && !paper.model.encoder_weights.empty()) {
    sentences.emplace_back("The encoder is trained from scratch; the paper's starts from ImageNet.");
  }
  if (ours.train.epochs != paper.train.epochs) {
    sentences.push_back(text(ours.train.epochs < paper.train.epochs ? "Shortened" : "Longer", " schedule: ",
                             quantity(ours.train.epochs, "epoch"), " instead of ", paper.train.epochs, "."));
  }
  if (ours.data.limit != paper.data.limit) {
    sentences.push_back(text("Trained on ", ours.data.limit,
                             " pictures only, those held out included, and judged on the first ", ours.data.limit,
                             " of the test pictures."));
  }
  static const std::set<std::string> said = {"model.encoder", "model.encoder_weights", "train.epochs", "data.limit",
                                             "data.manifest"};
  const std::map<std::string, std::string> then = flat_values(paper);
  std::vector<std::string> changed;
  for (const auto& [key, value] : flat_values(ours)) {
    const bool crop_of_data_set = key == "train.crop" && row.data_set != "sha" && value == "256";
    if (!said.contains(key) && !crop_of_data_set && then.at(key) != value) {
      changed.push_back(text(key, " = ", value));
    }
  }
  if (!changed.empty()) sentences.push_back(text("Changed: ", join(changed, ", "), "."));
  return sentences;
}

fs::path default_configs_folder() {
  if (const char* named = std::getenv("THRONG_CONFIGS"); named && *named) return named;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& place : {program / "../share/throng/configs", program / "../configs", fs::path("configs")}) {
    if (fs::is_directory(place, error)) return place.lexically_normal();
  }
  throw Error(ErrorKind::usage,
              "the folder of the experiments (configs/table4/moe.toml and so on) was not found: name it with --configs "
              "or in THRONG_CONFIGS");
}

}  // namespace throng
