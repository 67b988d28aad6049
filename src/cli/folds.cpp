#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "experiments/folds.h"

namespace throng {

namespace {

struct FoldsArguments {
  std::string config;
  std::string data;
  std::vector<std::string> changes;
  std::string out;
  bool resume = false;
  bool json = false;
};

void run_folds(const FoldsArguments& arguments, CommandContext& context) {
  ExperimentConfig config = read_experiment(arguments.config, arguments.changes);
  config.data.manifest = arguments.data;
  const CrossValidation result =
      cross_validate(config, arguments.out, arguments.resume, context.reporter, context.stop);
  context.print(arguments.json
                    ? cross_validation_json(result).dump(2, ' ', false, Json::error_handler_t::replace) + "\n"
                    : cross_validation_text(result));
}

}  // namespace

void add_folds_command(CLI::App& app, CommandContext& context) {
  CLI::App* command =
      app.add_subcommand("folds", "Cross-validate: train without each fold of a data set and evaluate on it");
  auto arguments = std::make_shared<FoldsArguments>();
  command->add_option("CONFIG", arguments->config, "experiment, a TOML file (see throng train --help)")->required();
  command->add_option("--data", arguments->data, "manifest with splits fold1, fold2, ... (UCF_CC_50 has five)")
      ->required();
  command->add_option("--set", arguments->changes, "change one key: --set train.epochs=10")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "folder of the runs")->required();
  command->add_flag("--resume", arguments->resume, "keep the finished folds, continue the one that was stopped");
  command->add_flag("--json", arguments->json, "one JSON document instead of lines");
  command->callback([arguments, &context] { run_folds(*arguments, context); });
}

}  // namespace throng
