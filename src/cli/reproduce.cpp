#include "reproduce/reproduce.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "core/text.h"
#include "reproduce/comparison.h"
#include "reproduce/data_sets.h"
#include "reproduce/paper_tables.h"
#include "reproduce/plan.h"
#include "throng/error.h"

namespace throng {

namespace {

struct ReproduceArguments {
  bool list = false;
  std::string data, run, configs;
  ReproduceOptions options;
};

void list_rows(CommandContext& context) {
  std::string lines;
  for (const PaperTable& table : paper_tables()) {
    for (const PaperRow& row : table.rows) lines += text(table.name, "/", row.name, "\n");
  }
  context.print(lines);
}

void run_reproduce(ReproduceArguments& arguments, CommandContext& context) {
  if (arguments.list) {
    list_rows(context);
    return;
  }
  if (arguments.run.empty()) throw Error(ErrorKind::usage, "--out is required: the folder for everything that is made");
  ReproduceOptions& options = arguments.options;
  options.data = arguments.data;
  options.run = arguments.run;
  options.configs = arguments.configs.empty() ? default_configs_folder() : std::filesystem::path(arguments.configs);
  const Reproduction done = reproduce(options, context.reporter, context.stop);
  std::string words;
  for (const Comparison& table : done.tables) words += (words.empty() ? "" : "\n") + comparison_markdown(table);
  context.print(words);
  if (done.failed > 0) {
    context.exit_code = kExitFailure;
  } else if (done.not_run > 0 && done.finished == 0) {
    context.exit_code = kExitUnreadable;
  }
}

}  // namespace

void add_reproduce_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("reproduce", "Train and judge rows of the paper's tables");
  auto arguments = std::make_shared<ReproduceArguments>();
  ReproduceOptions& options = arguments->options;
  command->add_option("TABLE", options.tables, "table4, figure6 and so on, or all");
  command->add_flag("--list", arguments->list, "print the names of all rows, and do nothing else");
  command->add_option("--data", arguments->data, "folder of the data sets as their authors gave them out");
  command->add_option("--out", arguments->run, "folder for everything that is made; the same one again continues");
  command->add_option("--rows", options.rows, "only these rows: moe,hmode or table4/moe")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--epochs", options.epochs, "train for so many epochs instead of the paper's")
      ->check(CLI::PositiveNumber);
  command->add_option("--limit", options.limit, "train and judge on so many pictures only")->check(CLI::PositiveNumber);
  command->add_option("--seeds", options.seeds, "train each network so often; the table gives mean and spread")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  command->add_option("--encoder", options.encoder,
                      "instead of the paper's: vgg16_bn, vgg16, vgg19, resnet50, resnet18");
  command->add_option("--on", options.data_set,
                      text("for the rows on ShanghaiTech A, this data set instead: ", benchmark_keys()));
  command->add_option("--set", options.changes, "change one key of every configuration: --set train.batch=4")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--configs", arguments->configs,
                      "folder of the experiments; without it THRONG_CONFIGS, then the one that comes with Throng");
  command->add_flag("--estimate", options.estimate_only, "only say what it would take");
  command->callback([arguments, &context] { run_reproduce(*arguments, context); });
}

}  // namespace throng
