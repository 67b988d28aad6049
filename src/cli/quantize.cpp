#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/text.h"
#include "data/manifest.h"
#include "evaluate/quantize_model.h"

namespace throng {

namespace {

struct QuantizeArguments {
  std::string from;
  std::string to;
  std::string data;
  std::string split = "train";
  std::int64_t limit = 32;
};

void run_quantize(const QuantizeArguments& arguments, CommandContext& context) {
  check_output(arguments.to, OutputKind::model);
  const std::vector<ManifestEntry> entries = read_manifest(arguments.data).split(arguments.split);
  const std::int64_t pictures =
      quantize_model(arguments.from, arguments.to, entries, arguments.limit, context.reporter, context.stop);
  context.print(
      text(arguments.to, "\tcalibrated on ", quantity(pictures, "picture"), "\t", sha256_of_file(arguments.to), "\n"));
}

}  // namespace

void add_quantize_command(CLI::App& model, CommandContext& context) {
  CLI::App* command = model.add_subcommand(
      "quantize", "Write a model that can count in int8: the ranges of its activations are measured on pictures");
  auto arguments = std::make_shared<QuantizeArguments>();
  command->add_option("IN", arguments->from, "model file")->required();
  command->add_option("OUT", arguments->to, "safetensors file to write; may be IN")->required();
  command
      ->add_option("--calibrate", arguments->data,
                   "manifest of pictures of the kind that will be counted (see throng data import)")
      ->required();
  command->add_option("--split", arguments->split, "which of its pictures")->capture_default_str();
  command->add_option("--limit", arguments->limit, "how many of them at most")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->callback([arguments, &context] { run_quantize(*arguments, context); });
}

}  // namespace throng
