#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/data/subcommands.h"
#include "cli/output_names.h"
#include "core/file.h"
#include "core/text.h"
#include "data/density.h"
#include "data/picture_check.h"
#include "report/annotations.h"
#include "report/mark.h"
#include "throng/error.h"
#include "throng/image.h"

namespace throng {

namespace {

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

}  // namespace

void add_data_show(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("show", "Draw head annotations and the density map on the pictures");
  auto arguments = std::make_shared<ShowArguments>();
  command->add_option("MANIFEST", arguments->manifest, "the data set")->required();
  command->add_option("--out", arguments->out, "folder for the drawn pictures")->required();
  command->add_option("--split", arguments->split, "only this part");
  command->add_option("--limit", arguments->limit, "only the first N pictures")->check(CLI::PositiveNumber);
  command->callback([arguments, &context] { run_show(*arguments, context); });
}

}  // namespace throng
