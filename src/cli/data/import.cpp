#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/data/subcommands.h"
#include "cli/replaceable.h"
#include "core/text.h"
#include "data/importers.h"
#include "data/near_identical.h"
#include "data/region_files.h"
#include "throng/error.h"

namespace throng {

namespace {

void stop_if_asked(const CommandContext& context) {
  if (context.stop.stop_requested()) throw Error(ErrorKind::interrupted, "interrupted; nothing was written");
}

struct ImportArguments {
  std::string name;
  std::string folder;
  std::string out;
  std::string classes;
  bool no_groups = false;
};

/// M_masks for M.jsonl: what belongs to the manifest and is no text.
std::filesystem::path masks_folder(const std::filesystem::path& out) {
  return out.parent_path() / (out.stem().string() + "_masks");
}

std::vector<std::string> between_commas(const std::string& list) {
  std::vector<std::string> names;
  for (const std::string& part : split(list, ',')) {
    if (!trim(part).empty()) names.emplace_back(trim(part));
  }
  return names;
}

void run_import(const ImportArguments& arguments, CommandContext& context) {
  find_importer(arguments.name);  // a slip of the pen is said before anything else
  check_output(arguments.out, OutputKind::manifest);
  const ImportRequest request{arguments.folder, context.reporter, between_commas(arguments.classes)};
  Manifest manifest = import_data_set(arguments.name, request);
  stop_if_asked(context);
  const std::vector<SeenPicture> seen = keep_readable_pictures(manifest, context.reporter, context.stop);
  if (!arguments.no_groups) group_near_identical(manifest, seen, context.stop);
  stop_if_asked(context);
  write_region_files(manifest, masks_folder(arguments.out), context.reporter);
  write_manifest(manifest, arguments.out);
  context.print(summary(manifest));
  if (!manifest.unreadable.empty()) context.exit_code = kExitUnreadable;
}

}  // namespace

void add_data_import(CLI::App& data, CommandContext& context) {
  std::string layouts = "NAME is one of:\n";
  constexpr std::size_t kNameWidth = 18;
  for (const Importer& importer : importers()) {
    const std::size_t padding = kNameWidth - std::min(kNameWidth, importer.name.size());
    layouts += text("  ", importer.name, std::string(padding, ' '), importer.help, "\n");
  }
  CLI::App* command = data.add_subcommand("import", "Turn a data set's own annotations into a manifest");
  command->footer(layouts);
  auto arguments = std::make_shared<ImportArguments>();
  command->add_option("NAME", arguments->name, "what kind of data set it is, see below")->required();
  command->add_option("DIR", arguments->folder, "its folder")->required();
  command->add_option("--out", arguments->out, "the manifest to write, such as data.jsonl")->required();
  command->add_option("--classes", arguments->classes, "the annotated classes that count, such as person,cyclist");
  command->add_flag("--no-groups", arguments->no_groups, "do not look for nearly identical pictures");
  command->callback([arguments, &context] { run_import(*arguments, context); });
}

}  // namespace throng
