#include <CLI/CLI.hpp>
#include <limits>
#include <memory>

#include "cli/commands.h"
#include "core/text.h"
#include "synth/empties.h"
#include "synth/scene_files.h"
#include "throng/error.h"

namespace throng {

namespace {

struct SynthArguments {
  std::string size = "1024x768";
  std::string kind = "street";
  std::string out;
  SceneFilesOptions files;
};

/// "1024x768" as width and height.
void parse_size(const std::string& words, SceneOptions& scene) {
  const std::vector<std::string> sides = split(words, 'x');
  std::int64_t width = 0;
  std::int64_t height = 0;
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  const bool good = sides.size() == 2 && parse_number(sides[0], width) && parse_number(sides[1], height) && width > 0 &&
                    height > 0 && width <= kMost && height <= kMost;
  if (!good)
    throw Error(ErrorKind::usage, text("--size '", words, "' is not WIDTHxHEIGHT in pixels, such as 1024x768"));
  scene.width = static_cast<int>(width);
  scene.height = static_cast<int>(height);
}

/// Scenes of the street are rendered, all others drawn.
constexpr std::string_view kRendered = "street";

void choose_kind(SynthArguments& arguments, bool people_given) {
  if (arguments.kind == kRendered) return;
  if (arguments.kind != "any") find_empty_kind(arguments.kind);
  arguments.files.kind = arguments.kind;
  if (!people_given) arguments.files.scene.people = 0;
}

std::string kinds_help() {
  std::string help = "what the pictures show: street = people as rendered; without people:";
  for (const EmptyKind& kind : empty_kinds()) help += text(" ", kind.name, " (", kind.help, "),");
  return help + " or any of all these";
}

void run(SynthArguments& arguments, CommandContext& context) {
  parse_size(arguments.size, arguments.files.scene);
  arguments.files.folder = arguments.out;
  const Manifest manifest = write_scenes(arguments.files, context.reporter, context.stop);
  for (const ManifestEntry& entry : manifest.entries) {
    context.print(text(entry.image.string(), "\t", entry.points.size(), "\n"));
  }
}

}  // namespace

void add_synth_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("synth", "Render crowd scenes with a known number of people");
  auto arguments = std::make_shared<SynthArguments>();
  SceneOptions& scene = arguments->files.scene;
  CLI::Option* people = command->add_option("--people", scene.people, "visible heads in each picture");
  people->capture_default_str();
  command->add_option("--scene", arguments->kind, kinds_help())->capture_default_str();
  command->add_option("--size", arguments->size, "WIDTHxHEIGHT, pixels")->capture_default_str();
  command->add_option("--seed", scene.seed, "of the first picture; each further one has the next")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command->add_option("--count", arguments->files.count, "how many pictures")->capture_default_str();
  command->add_option("--split", arguments->files.split, "the manifest's name for this part of the data")
      ->capture_default_str();
  command->add_option("--out", arguments->out, "folder for scene_0001.png ... and manifest.jsonl")->required();
  command->callback([arguments, people, &context] {
    choose_kind(*arguments, people->count() > 0);
    run(*arguments, context);
  });
}

}  // namespace throng
