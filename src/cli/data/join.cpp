#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/data/subcommands.h"
#include "cli/replaceable.h"
#include "core/text.h"
#include "data/join.h"
#include "throng/error.h"

namespace throng {

namespace {

struct JoinArguments {
  std::vector<std::string> manifests;
  std::string out;
  std::string name;
  std::vector<std::string> renamings;
  std::vector<std::string> without;
  std::vector<std::string> without_twins;
  bool no_groups = false;
};

JoinOptions join_options(const JoinArguments& arguments) {
  JoinOptions options;
  options.name = arguments.name;
  for (const std::string& renaming : arguments.renamings) {
    const std::vector<std::string> names = split(renaming, '=');
    if (names.size() != 2 || names[0].empty() || names[1].empty()) {
      throw Error(ErrorKind::usage, text("--rename-split '", renaming, "' is not OLD=NEW, such as fold2=val"));
    }
    if (!options.renamed_splits.emplace(names[0], names[1]).second) {
      throw Error(ErrorKind::usage, text("--rename-split renames '", names[0], "' twice"));
    }
  }
  options.without.assign(arguments.without.begin(), arguments.without.end());
  options.without_twins = arguments.without_twins;
  options.look_at_pictures = !arguments.no_groups;
  return options;
}

void run_join(const JoinArguments& arguments, CommandContext& context) {
  const JoinOptions options = join_options(arguments);
  check_output(arguments.out, OutputKind::manifest);
  std::vector<Manifest> manifests;
  for (const std::string& path : arguments.manifests) manifests.push_back(read_manifest(path));
  const Manifest joined = join_manifests(manifests, options, context.reporter, context.stop);
  write_manifest(joined, arguments.out);
  context.print(summary(joined));
  if (!joined.unreadable.empty()) context.exit_code = kExitUnreadable;
}

}  // namespace

void add_data_join(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("join", "Make one data set of several");
  auto arguments = std::make_shared<JoinArguments>();
  command->add_option("MANIFEST", arguments->manifests, "the data sets")->required();
  command->add_option("--out", arguments->out, "the manifest to write")->required();
  command->add_option("--name", arguments->name, "of the joined data set; otherwise their names with + between");
  // One value each, so that manifests may follow.
  command->add_option("--rename-split", arguments->renamings, "OLD=NEW, such as fold2=val; several with commas between")
      ->take_all()
      ->allow_extra_args(false)
      ->delimiter(',');
  command->add_option("--without", arguments->without, "a picture to leave out; may be given several times")
      ->take_all()
      ->allow_extra_args(false);
  command
      ->add_option("--without-twins", arguments->without_twins,
                   "leave out pictures that are nearly identical to one of this split, such as test; may be given "
                   "several times: the split named first keeps its pictures, and 'test' always does")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--no-groups", arguments->no_groups, "do not look for nearly identical pictures");
  command->callback([arguments, &context] { run_join(*arguments, context); });
}

}  // namespace throng
