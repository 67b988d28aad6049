#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "core/text.h"
#include "run_report/run_report.h"
#include "train/config.h"

namespace throng {

namespace {

struct TrainArguments {
  std::string config;
  std::vector<std::string> changes;
  std::string out;
  bool resume = false;
};

// The reference of all keys, for --help.
std::string key_reference() {
  std::string words = "Keys of the configuration, with their defaults:\n";
  for (const ConfigField& field : list_config<ExperimentConfig>()) {
    words += text("  ", field.key, " = ", field.value, field.help.empty() ? "" : "\n      ", field.help, "\n");
  }
  return words;
}

void run_train(const TrainArguments& arguments, CommandContext& context) {
  const ExperimentConfig config = read_experiment(arguments.config, arguments.changes);
  const auto print_result = [&](const TrainResult& result) {
    if (result.already_finished) context.reporter.note("the run was finished already");
    std::string lines = text("steps\t", result.steps, "\n");
    if (result.best_mae >= 0) lines += text("best validation MAE\t", fixed(result.best_mae, 2), "\n");
    lines += text("model\t", result.model.string(), "\n");
    lines += text("report\t", run_report_path(arguments.out).string(), "\n");
    context.print(lines);
  };
  train_with_report(config, arguments.out, arguments.resume, context.reporter, context.stop, print_result);
}

}  // namespace

void add_train_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("train", "Train a counting network");
  auto arguments = std::make_shared<TrainArguments>();
  command->add_option("CONFIG", arguments->config, "experiment, a TOML file")->required();
  command->add_option("--set", arguments->changes, "change one key: --set train.epochs=10")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--out", arguments->out, "folder of the run")->required();
  command->add_flag("--resume", arguments->resume, "continue a run that was stopped or killed");
  command->footer(key_reference);
  command->callback([arguments, &context] { run_train(*arguments, context); });
}

}  // namespace throng
