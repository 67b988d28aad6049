#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <system_error>

#include "cli/commands.h"
#include "cli/count_rows.h"
#include "cli/counting.h"
#include "cli/inputs.h"
#include "cli/output_names.h"
#include "cli/profile_table.h"
#include "cli/replaceable.h"
#include "cli/streams.h"
#include "core/file.h"
#include "core/text.h"
#include "image/codec.h"
#include "infer/drawable_density.h"
#include "infer/picture_queue.h"
#include "report/heatmap.h"
#include "report/mark.h"
#include "throng/error.h"

namespace throng {

namespace {

struct CountArguments {
  std::vector<std::string> paths;
  bool json = false;
  bool profile = false;
  std::string csv;
  std::string heatmap;
  std::string density;
  ModelOptions model;
  DecodeLimits limits;
};

/// Counts picture after picture, the next ones decoded meanwhile; text results appear as they come.
class CountRun {
 public:
  CountRun(const CountArguments& arguments, CommandContext& context, std::vector<CountInput> inputs)
      : arguments_(arguments), context_(context), inputs_(std::move(inputs)), counter_(load_counter(arguments.model)) {
    if (!arguments_.heatmap.empty()) heatmaps_.emplace(arguments_.heatmap, ".png", inputs_);
    if (!arguments_.density.empty()) densities_.emplace(arguments_.density, ".npy", inputs_);
    if (!arguments_.csv.empty()) check_output(arguments_.csv, OutputKind::table);
    for (const std::string& folder : {arguments_.heatmap, arguments_.density}) {
      if (!folder.empty()) make_folder(folder);
    }
  }

  void run() {
    detail(text("model ", counter_.model().name, ", ", counter_.precision(), " on ", counter_.device(), ", ",
                counter_.kernels()));
    count_all();
    finish();
  }

 private:
  bool interrupted() const { return rows_.size() < inputs_.size(); }

  void detail(std::string_view sentence) const {
    if (context_.reporter.messages) context_.reporter.messages->message(MessageSink::Level::detail, sentence);
  }

  void count_all() {
    const auto total = static_cast<std::int64_t>(inputs_.size());
    PictureQueue pictures(source(), decoding_for(counter_, arguments_.model.counter.memory_limit));
    for (const CountInput& input : inputs_) {
      if (context_.stop.stop_requested()) break;
      if (total > 1) context_.reporter.progress(static_cast<std::int64_t>(rows_.size()), total, input.path);
      rows_.push_back(count(input, pictures));
      show(rows_.back());
    }
    if (total > 1 && !interrupted()) context_.reporter.progress(total, total);
  }

  PictureQueue::Source source() const {
    return {.size = inputs_.size(),
            .announce =
                [this](std::size_t index) {
                  const CountInput& input = inputs_[index];
                  if (!input.problem.empty()) throw Error(ErrorKind::input, input.problem);
                  return announce_picture(input.path, arguments_.limits,
                                          [this](int width, int height) { counter_.check_memory(width, height); });
                },
            .decode = [this](std::size_t index) { return load_image(inputs_[index].path, arguments_.limits); }};
  }

  CountRow count(const CountInput& input, PictureQueue& pictures) {
    CountRow row;
    row.path = input.path;
    try {
      const Image image = pictures.take();
      CountedImage counted = count_image(counter_, image, input.path, arguments_.profile);
      row.width = counted.result.width;
      row.height = counted.result.height;
      row.count = counted.result.count;
      row.seconds = counted.seconds;
      row.profile = std::move(counted.profile);
      save_maps(row, image, counted.result);
    } catch (const Error& error) {
      return failed(row, error.kind() == ErrorKind::input ? kExitUnreadable : kExitFailure, error.what());
    } catch (const std::bad_alloc&) {
      return failed(row, kExitFailure,
                    text("there is not enough memory for '", input.path, "': count a smaller copy of it"));
    }
    return row;
  }

  static CountRow failed(CountRow row, int exit_code, std::string problem) {
    row.exit_code = exit_code;
    row.problem = std::move(problem);
    return row;
  }

  void save_maps(CountRow& row, const Image& image, const CountResult& result) {
    if (heatmaps_) {
      row.heatmap = save(next(*heatmaps_, row.path), [&](const std::filesystem::path& path) {
        save_marked_png(heatmap_overlay(image, drawable_density(result), result.count), path);
      });
    }
    if (densities_) {
      row.density = save(next(*densities_, row.path), [&](const std::filesystem::path& path) {
        write_marked_npy(path, result.per_pixel().values, result.height, result.width);
      });
    }
  }

  std::filesystem::path next(OutputNames& names, const std::string& picture) const {
    std::filesystem::path path = names.next(picture);
    if (!names.kept().empty()) {
      context_.reporter.note(text("'", names.kept().string(), "' was not made by throng and stays: the map of '",
                                  picture, "' goes to '", path.string(), "'"));
    }
    return path;
  }

  /// Gives the path; "" for a file that could not be written: a full disk must not cost the numbers.
  template <class Write>
  std::string save(const std::filesystem::path& path, const Write& write) {
    try {
      write(path);
      return path.string();
    } catch (const Error& error) {
      context_.reporter.warning(error.what());
      context_.exit_code = kExitFailure;
      return "";
    }
  }

  void show(const CountRow& row) {
    if (row.exit_code != 0) {
      context_.reporter.warning(row.problem);
    } else if (!arguments_.json) {
      context_.print(count_line(row) + (arguments_.profile ? profile_table(row.profile) : ""));
    }
  }

  void finish() {
    for (const CountRow& row : rows_) {
      if (row.exit_code != 0 && context_.exit_code != kExitFailure) context_.exit_code = row.exit_code;
    }
    if (arguments_.json) {
      context_.print(count_json(rows_, counted_by(), interrupted()));
    } else if (inputs_.size() > 1) {
      context_.print(total_line(totals_of(rows_)));
    }
    if (interrupted()) {
      context_.exit_code = kExitInterrupted;
      context_.reporter.warning(text("interrupted after ", rows_.size(), " of ",
                                     quantity(static_cast<std::int64_t>(inputs_.size()), "picture")));
    }
    // Last: a full disk must not cost the numbers.
    if (!arguments_.csv.empty()) write_file(arguments_.csv, count_csv(rows_));
  }

  CountedBy counted_by() const {
    return {.model = counter_.model().name,
            .sha256 = counter_.model().sha256,
            .precision = counter_.precision(),
            .device = counter_.device()};
  }

  const CountArguments& arguments_;
  CommandContext& context_;
  std::vector<CountInput> inputs_;
  Counter counter_;
  std::optional<OutputNames> heatmaps_;
  std::optional<OutputNames> densities_;
  std::vector<CountRow> rows_;
};

/// Before anything is counted: --csv *.jpg, which the shell makes many words of, names a photo.
void check_table_name(const std::string& table, const std::vector<CountInput>& inputs) {
  const bool input = std::ranges::any_of(inputs, [&](const CountInput& one) {
    std::error_code error;
    return std::filesystem::is_regular_file(table, error) && std::filesystem::equivalent(one.path, table, error);
  });
  if (input || has_image_extension(table)) {
    throw Error(ErrorKind::usage,
                text("--csv: '", table, "' would be replaced by the table, and it ",
                     input ? "is one of the files to count" : "is called like a picture", "; name another file"));
  }
}

void run_count(const CountArguments& arguments, CommandContext& context) {
  const std::vector<std::string> outputs = {arguments.heatmap, arguments.density};
  std::vector<CountInput> inputs = collect_inputs(
      arguments.paths, [&] { return read_descriptor(STDIN_FILENO, context.stop); }, outputs, context.reporter);
  if (inputs.empty()) throw Error(ErrorKind::usage, "the list on standard input is empty: give one path a line");
  check_table_name(arguments.csv, inputs);
  CountRun(arguments, context, std::move(inputs)).run();
}

}  // namespace

void add_count_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand("count", "Count the people in pictures");
  auto arguments = std::make_shared<CountArguments>();
  command
      ->add_option("PATH", arguments->paths,
                   "pictures, folders (with all below them), patterns; - reads a list of paths from standard input")
      ->required();
  command->add_flag("--json", arguments->json, "one JSON document instead of lines");
  command->add_flag("--profile", arguments->profile, "also show where the time goes, layer by layer");
  command->add_option("--csv", arguments->csv, "also write a table to this file");
  command->add_option(
      "--heatmap", arguments->heatmap,
      "folder for pictures with the density drawn over them, beside what others put there; passed over when it lies in "
      "a folder that is counted");
  command->add_option("--density", arguments->density,
                      "folder for density maps, .npy, people per pixel; passed over likewise");
  add_model_options(*command, arguments->model);
  command->add_option("--max-pixels", arguments->limits.max_pixels, "refuse pictures with more pixels")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->callback([arguments, &context] { run_count(*arguments, context); });
}

}  // namespace throng
