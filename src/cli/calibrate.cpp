#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/counting.h"
#include "cli/replaceable.h"
#include "core/checksum.h"
#include "core/text.h"
#include "data/manifest.h"
#include "data/picture_check.h"
#include "infer/confidence_calibrator.h"
#include "model/model_file.h"
#include "throng/error.h"

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
  ConfidenceCalibrator calibrator(arguments.from, arguments.counter);
  const auto total = static_cast<std::int64_t>(entries.size());
  for (std::int64_t i = 0; i < total; ++i) {
    if (context.stop.stop_requested()) throw Error(ErrorKind::interrupted, "interrupted: nothing was written");
    const ManifestEntry& entry = entries[static_cast<std::size_t>(i)];
    context.reporter.progress(i, total, entry.image.filename().string());
    const std::optional<std::int64_t> people = entry.people();
    if (!people) {
      throw Error(ErrorKind::usage, text(entry.image.string(), " is not annotated: an interval is calibrated with ",
                                         "pictures whose number of people is known"));
    }
    if (!entry.roi.empty()) {
      throw Error(ErrorKind::usage,
                  text(entry.image.string(), " is annotated in a region of interest alone: an interval ",
                       "of a whole picture is calibrated with pictures that are annotated as a whole"));
    }
    const Image image =
        load_picture(entry.image.string(), {}, [&](int width, int height) { calibrator.check_memory(width, height); });
    check_size(entry, image.width, image.height);
    calibrator.add(image, static_cast<double>(*people), entry.image.parent_path().string());
  }
  context.reporter.progress(total, total);
  const IntervalCalibration intervals = calibrator.intervals();
  rewrite_model(arguments.from, arguments.to, [&](ModelCard& card) {
    card.intervals = intervals;
    card.familiarity = calibrator.familiarity();
  });
  context.print(text(arguments.to, "\tintervals calibrated on ", quantity(total, "picture"), "\t",
                     sha256_of_file(arguments.to), "\n"));
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
