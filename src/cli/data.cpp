#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/output_names.h"
#include "cli/replaceable.h"
#include "core/file.h"
#include "core/text.h"
#include "data/density.h"
#include "data/importers.h"
#include "data/manifest.h"
#include "data/near_identical.h"
#include "data/picture_check.h"
#include "data/region_files.h"
#include "report/annotations.h"
#include "report/mark.h"
#include "throng/error.h"
#include "throng/image.h"

namespace throng {

namespace {

/// One line: how many images and head annotations each split has, and how many images are not annotated.
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

void add_import(CLI::App& data, CommandContext& context) {
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

void run_check(const std::string& path, CommandContext& context) {
  const Manifest manifest = read_manifest(path);
  std::int64_t errors = 0;
  std::int64_t notes = 0;
  for (const ManifestProblem& problem : check_manifest(manifest, context.reporter, context.stop)) {
    const bool error = problem.severity == ManifestProblem::Severity::error;
    ++(error ? errors : notes);
    context.print(text(error ? "error\t" : "note\t", problem.sentence, "\n"));
  }
  context.print(summary(manifest));
  context.print(text(errors, errors == 1 ? " error, " : " errors, ", notes, notes == 1 ? " note\n" : " notes\n"));
  if (errors > 0) context.exit_code = kExitUnreadable;
}

void add_check(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("check", "Look for mistakes in a data set");
  auto manifest = std::make_shared<std::string>();
  command->add_option("MANIFEST", *manifest, "the data set")->required();
  command->callback([manifest, &context] { run_check(*manifest, context); });
}

struct ShowArguments {
  std::string manifest;
  std::string out;
  std::string split;
  std::int64_t limit = 0;
};

Image drawn(const ManifestEntry& entry) {
  const Image picture = load_image(entry.image);
  check_size(entry, picture.width, picture.height);
  const DensityMap density{picture.width, picture.height, density_map(entry.points, picture.width, picture.height)};
  return draw_annotations(picture, entry.points, &density);
}

void run_show(const ShowArguments& arguments, CommandContext& context) {
  const Manifest manifest = read_manifest(arguments.manifest);
  std::vector<ManifestEntry> entries = arguments.split.empty() ? manifest.entries : manifest.split(arguments.split);
  if (arguments.limit > 0 && static_cast<std::size_t>(arguments.limit) < entries.size()) {
    entries.resize(static_cast<std::size_t>(arguments.limit));
  }
  std::vector<CountInput> inputs;
  for (const ManifestEntry& entry : entries) inputs.push_back({entry.image.string(), ""});
  OutputNames names(arguments.out, ".png", inputs);
  make_folder(arguments.out);
  const auto total = static_cast<std::int64_t>(entries.size());
  std::int64_t done = 0;
  for (const ManifestEntry& entry : entries) {
    context.reporter.progress(done++, total, entry.image.filename().string());
    if (context.stop.stop_requested())
      throw Error(ErrorKind::interrupted, "interrupted; the pictures so far are drawn");
    try {
      const std::filesystem::path path = names.next(entry.image.string());
      save_marked_png(drawn(entry), path);
      context.print(text(path.string(), "\t", entry.points.size(), "\n"));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      context.reporter.warning(error.what());
      context.exit_code = kExitUnreadable;
    }
  }
  context.reporter.progress(total, total);
}

void add_show(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("show", "Draw head annotations and the density map on the pictures");
  auto arguments = std::make_shared<ShowArguments>();
  command->add_option("MANIFEST", arguments->manifest, "the data set")->required();
  command->add_option("--out", arguments->out, "folder for the drawn pictures")->required();
  command->add_option("--split", arguments->split, "only this part");
  command->add_option("--limit", arguments->limit, "only the first N pictures")->check(CLI::PositiveNumber);
  command->callback([arguments, &context] { run_show(*arguments, context); });
}

struct SplitArguments {
  std::string manifest;
  double share = 0;
  std::uint64_t seed = 1;
  std::string out;
};

void run_split(const SplitArguments& arguments, CommandContext& context) {
  Manifest manifest = read_manifest(arguments.manifest);
  const std::string& out = arguments.out.empty() ? arguments.manifest : arguments.out;
  check_output(out, OutputKind::manifest);
  split_manifest(manifest, "train", "val", arguments.share, arguments.seed);
  write_manifest(manifest, out);
  context.print(summary(manifest));
}

void add_split(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("split", "Move a share of the training images to split 'val'");
  auto arguments = std::make_shared<SplitArguments>();
  command->add_option("MANIFEST", arguments->manifest, "the data set")->required();
  command->add_option("--val", arguments->share, "share of the training images, such as 0.1")->required();
  command->add_option("--seed", arguments->seed, "which images are chosen depends on it alone")->capture_default_str();
  command->add_option("--out", arguments->out, "write here instead of changing MANIFEST");
  command->callback([arguments, &context] { run_split(*arguments, context); });
}

}  // namespace

void add_data_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("data", "Import, check, show and split annotated data sets");
  command->require_subcommand(1);
  add_import(*command, context);
  add_check(*command, context);
  add_show(*command, context);
  add_split(*command, context);
}

}  // namespace throng
