#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/text.h"
#include "model/average.h"
#include "model/model_file.h"

namespace throng {

namespace {

struct AverageArguments {
  std::vector<std::string> from;
  std::string to;
  std::string name;
};

void run_average(const AverageArguments& arguments, CommandContext& context) {
  check_output(arguments.to, OutputKind::model);
  for (const std::string& path : arguments.from) check_different("--out", arguments.to, "IN", path);
  ModelMean models;
  for (const std::string& path : arguments.from) models.add(read_source_model(path));
  LoadedModel mean = models.take();
  if (!arguments.name.empty()) mean.card.name = arguments.name;
  write_safetensors(model_to_file(mean.net, mean.card), arguments.to);
  context.print(text(arguments.to, "\t", quantity(static_cast<std::int64_t>(arguments.from.size()), "model"),
                     " averaged\t", sha256_of_file(arguments.to), "\n"));
}

}  // namespace

void add_average_command(CLI::App& model, CommandContext& context) {
  CLI::App* command = model.add_subcommand(
      "average",
      "Write the mean of several trainings from one start, weight by weight: it may count better than each of them");
  auto arguments = std::make_shared<AverageArguments>();
  command->add_option("IN", arguments->from, "model files, two or more, all of one architecture")->required();
  command->add_option("--out", arguments->to, "safetensors file to write, in fp32; none of them")->required();
  command->add_option("--name", arguments->name, "name of the model; otherwise \"mean of N models\"");
  command->callback([arguments, &context] { run_average(*arguments, context); });
}

}  // namespace throng
