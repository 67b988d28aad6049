#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/counting.h"
#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/draw.h"
#include "core/text.h"
#include "data/manifest.h"
#include "data/picture_check.h"
#include "infer/calibrator.h"
#include "model/model_file.h"
#include "throng/error.h"

namespace throng {

namespace {

struct QuantizeArguments {
  std::string from;
  std::string to;
  std::string data;
  std::string split = "train";
  std::int64_t limit = 32;
};

// In a seeded order, so that they come from all of the data set.
std::vector<ManifestEntry> some_of(const std::vector<ManifestEntry>& entries, std::int64_t limit) {
  std::vector<ManifestEntry> some;
  for (const std::int64_t i : Draw(1, "calibration").permutation(static_cast<std::int64_t>(entries.size()))) {
    if (static_cast<std::int64_t>(some.size()) == limit) break;
    some.push_back(entries[static_cast<std::size_t>(i)]);
  }
  return some;
}

void run_quantize(const QuantizeArguments& arguments, CommandContext& context) {
  check_output(arguments.to, OutputKind::model);
  const std::vector<ManifestEntry> entries =
      some_of(read_manifest(arguments.data).split(arguments.split), arguments.limit);
  Calibrator calibrator(arguments.from);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (context.stop.stop_requested()) throw Error(ErrorKind::interrupted, "interrupted: nothing was written");
    context.reporter.progress(static_cast<std::int64_t>(i), static_cast<std::int64_t>(entries.size()),
                              entries[i].image.filename().string());
    const Image image = load_picture(entries[i].image.string(), {},
                                     [&](int width, int height) { calibrator.check_memory(width, height); });
    check_size(entries[i], image.width, image.height);
    calibrator.add(image);
  }
  context.reporter.progress(static_cast<std::int64_t>(entries.size()), static_cast<std::int64_t>(entries.size()));

  rewrite_model(arguments.from, arguments.to, [&](ModelCard& card) { card.calibration = calibrator.calibration(); });
  context.print(text(arguments.to, "\tcalibrated on ", quantity(static_cast<std::int64_t>(entries.size()), "picture"),
                     "\t", sha256_of_file(arguments.to), "\n"));
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
