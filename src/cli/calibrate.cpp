#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/counting.h"
#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/text.h"
#include "data/manifest.h"
#include "evaluate/calibrate_confidence.h"

namespace throng {

namespace {

struct CalibrateArguments {
  std::string from;
  std::string to;
  std::string data;
  std::string split = "val";
  CounterOptions counter;
};

void run_calibrate(const CalibrateArguments& arguments, CommandContext& context) {
  check_output(arguments.to, OutputKind::model);
  const std::vector<ManifestEntry> entries = read_manifest(arguments.data).split(arguments.split);
  calibrate_confidence(arguments.from, arguments.to, entries, arguments.counter, context.reporter, context.stop);
  context.print(text(arguments.to, "\tintervals calibrated on ",
                     quantity(static_cast<std::int64_t>(entries.size()), "picture"), "\t", sha256_of_file(arguments.to),
                     "\n"));
}

}  // namespace

void add_calibrate_command(CLI::App& model, CommandContext& context) {
  CLI::App* command = model.add_subcommand(
      "calibrate",
      "Write a model that knows how sure it is: its errors are measured on pictures it was not trained on");
  auto arguments = std::make_shared<CalibrateArguments>();
  command->add_option("IN", arguments->from, "model file")->required();
  command->add_option("OUT", arguments->to, "safetensors file to write; may be IN")->required();
  command
      ->add_option("--data", arguments->data,
                   "manifest of annotated pictures of the kind that will be counted (see throng data import)")
      ->required();
  command->add_option("--split", arguments->split, "which of its pictures; never some that it was trained on")
      ->capture_default_str();
  add_counter_options(*command, arguments->counter);
  command->callback([arguments, &context] { run_calibrate(*arguments, context); });
}

}  // namespace throng
