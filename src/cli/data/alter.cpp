#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/data/subcommands.h"
#include "core/text.h"
#include "data/altered_files.h"

namespace throng {

namespace {

struct AlterArguments {
  std::string manifest;
  std::string out;
  std::string split;
  std::int64_t limit = 0;
  Alteration alteration;
};

void run_alter(const AlterArguments& arguments, CommandContext& context) {
  validate(arguments.alteration);
  Manifest manifest = read_manifest(arguments.manifest);
  if (!arguments.split.empty()) manifest.entries = manifest.split(arguments.split);
  if (arguments.limit > 0 && static_cast<std::size_t>(arguments.limit) < manifest.entries.size()) {
    manifest.entries.resize(static_cast<std::size_t>(arguments.limit));
  }
  const Manifest altered = write_altered(manifest, arguments.alteration, arguments.out, context.reporter, context.stop);
  context.print(summary(altered));
  if (!altered.unreadable.empty()) context.exit_code = kExitUnreadable;
}

}  // namespace

void add_data_alter(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("alter", "Write resized, grey, dark, noisy or otherwise altered copies");
  auto arguments = std::make_shared<AlterArguments>();
  Alteration& alteration = arguments->alteration;
  command->footer("Several alterations are made in the order in which they are listed here.");
  command->add_option("MANIFEST", arguments->manifest, "the data set")->required();
  command->add_option("--out", arguments->out, "folder for the pictures and manifest.jsonl")->required();
  command->add_option("--split", arguments->split, "only this part");
  command->add_option("--limit", arguments->limit, "only the first N pictures")->check(CLI::PositiveNumber);
  command->add_option("--resize", alteration.resize, "factor of both sides, 0.01 to 16: areas are averaged to shrink");
  command->add_option("--blur", alteration.blur, "sigma of a Gaussian, pixels");
  command->add_flag("--night", alteration.night, "dark, in warm lamp light, noisy, a little soft");
  command->add_flag("--old", alteration.old, "a faded brown print with grain");
  command->add_flag("--grey", alteration.grey, "without colour");
  command->add_option("--noise", alteration.noise, "standard deviation in each channel, grey levels");
  command->add_option("--jpeg", alteration.jpeg, "write JPEG of this quality, 1 to 100, instead of PNG");
  command->callback([arguments, &context] { run_alter(*arguments, context); });
}

}  // namespace throng
