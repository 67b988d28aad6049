#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>

#include "cli/data/subcommands.h"
#include "core/text.h"

namespace throng {

std::string summary(const Manifest& manifest) {
  struct Tally {
    std::int64_t images = 0;
    std::int64_t points = 0;
    std::int64_t not_annotated = 0;
  };
  std::map<std::string, Tally> splits;
  for (const ManifestEntry& entry : manifest.entries) {
    Tally& tally = splits[entry.split];
    ++tally.images;
    tally.points += static_cast<std::int64_t>(entry.points.size());
    tally.not_annotated += entry.annotated ? 0 : 1;
  }
  std::string line = manifest.name;
  for (const auto& [split, tally] : splits) {
    line += text("\t", split, " ", tally.images, " images ", tally.points, " points");
    if (tally.not_annotated > 0) line += text(" ", tally.not_annotated, " not annotated");
  }
  return line + "\n";
}

void add_data_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("data", "Import, join, check, show, split and alter annotated data sets");
  command->require_subcommand(1);
  add_data_import(*command, context);
  add_data_join(*command, context);
  add_data_check(*command, context);
  add_data_show(*command, context);
  add_data_split(*command, context);
  add_data_alter(*command, context);
}

}  // namespace throng
