#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/text.h"
#include "model/model_file.h"
#include "model/widen.h"
#include "train/config.h"

namespace throng {

namespace {

struct WidenArguments {
  std::string from;
  std::string to;
  std::string config;
  std::string name;
  std::vector<std::string> changes;
  std::uint64_t seed = 1;
};

void run_widen(const WidenArguments& arguments, CommandContext& context) {
  check_output(arguments.to, OutputKind::model);
  check_different("OUT", arguments.to, "IN", arguments.from);
  const ExperimentConfig experiment = read_experiment(arguments.config, arguments.changes);
  SourceModel narrow = read_source_model(arguments.from);
  LoadedModel wide =
      widened(narrow, experiment.model, arguments.name.empty() ? experiment.name : arguments.name, arguments.seed);
  write_safetensors(model_to_file(wide.net, wide.card), arguments.to);
  context.print(text(arguments.to, "\t", narrow.loaded.net.parameters(), " parameters widened to ",
                     wide.net.parameters(), "\t", sha256_of_file(arguments.to), "\n"));
}

}  // namespace

void add_widen_command(CLI::App& model, CommandContext& context) {
  CLI::App* command = model.add_subcommand(
      "widen", "Write a model with more channels that counts what it counted: something to start training from");
  auto arguments = std::make_shared<WidenArguments>();
  command->add_option("IN", arguments->from, "model file")->required();
  command->add_option("OUT", arguments->to, "safetensors file to write, for train.init; not IN")->required();
  command
      ->add_option("--like", arguments->config,
                   "experiment, a TOML file, whose [model] has the same layers with as many channels or more")
      ->required();
  command->add_option("--set", arguments->changes, "change one of its keys: --set model.decoder.head=64");
  command->add_option("--name", arguments->name, "name of the model; otherwise the experiment's");
  command->add_option("--seed", arguments->seed, "how copies share what they are read for")->capture_default_str();
  command->callback([arguments, &context] { run_widen(*arguments, context); });
}

}  // namespace throng
