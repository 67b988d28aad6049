#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <system_error>

#include "cli/commands.h"
#include "cli/count_rows.h"
#include "cli/counting.h"
#include "cli/counting_together.h"
#include "cli/inputs.h"
#include "cli/output_names.h"
#include "cli/point_file.h"
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
  bool scale_chosen = false;
  std::string csv;
  std::string points;
  std::string heatmap;
  std::string density;
  ModelOptions model;
  DecodeLimits limits;
};

/// Counts picture after picture, on a GPU a few at a time, the next ones decoded meanwhile; text results appear as they
/// come.
class CountRun {
 public:
  CountRun(const CountArguments& arguments, CommandContext& context, std::vector<CountInput> inputs)
      : arguments_(arguments), context_(context), inputs_(std::move(inputs)), counter_(load_counter(arguments.model)) {
    if (!arguments_.heatmap.empty()) heatmaps_.emplace(arguments_.heatmap, ".png", inputs_);
    if (!arguments_.density.empty()) densities_.emplace(arguments_.density, ".npy", inputs_);
    if (!arguments_.csv.empty()) check_output(arguments_.csv, OutputKind::table);
    if (!arguments_.points.empty()) check_point_file(arguments_.points);
    for (const std::string& folder : {arguments_.heatmap, arguments_.density}) {
      if (!folder.empty()) make_folder(folder);
    }
  }

  void run() {
    detail(text("model ", counter_.model().name, ", ", counter_.precision(), " on ", counter_.device(), ", ",
                counter_.kernels()));
    const std::string kernels = counter_.kernels();
    count_all();
    if (counter_.kernels() != kernels) detail(text("from some picture on ", counter_.kernels()));
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
    while (interrupted() && !context_.stop.stop_requested()) {
      const std::string& path = inputs_[rows_.size()].path;
      if (total > 1) context_.reporter.progress(static_cast<std::int64_t>(rows_.size()), total, path);
      std::vector<PictureToCount> next = take(pictures);
      count_together(counter_, next, arguments_.profile);
      for (PictureToCount& picture : next) {
        rows_.push_back(row_of(picture));
        show(rows_.back());
      }
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

  /// The next pictures, loaded: one, or on a GPU a few.
  std::vector<PictureToCount> take(PictureQueue& pictures) const {
    constexpr std::size_t kMostBytes = std::size_t{64} << 20;
    std::vector<PictureToCount> taken;
    std::size_t bytes = 0;
    const auto wanted = [&] {
      const std::size_t next = rows_.size() + taken.size();
      if (taken.empty()) return true;
      std::error_code error;
      // What is no file may have nothing to give yet, and those before it wait.
      return next < inputs_.size() && taken.size() < at_once_ && bytes < kMostBytes &&
             std::filesystem::is_regular_file(inputs_[next].path, error);
    };
    while (wanted()) {
      PictureToCount& picture = taken.emplace_back();
      picture.path = inputs_[rows_.size() + taken.size() - 1].path;
      try {
        picture.image = pictures.take();
        bytes += picture.image.rgb.size();
      } catch (...) {
        picture.problem = std::current_exception();
      }
    }
    return taken;
  }

  CountRow row_of(PictureToCount& picture) {
    CountRow row;
    row.path = picture.path;
    try {
      if (picture.problem) std::rethrow_exception(picture.problem);
      const Image& image = picture.image;
      CountedImage& counted = picture.counted;
      row.width = counted.result.width;
      row.height = counted.result.height;
      row.count = counted.result.count;
      row.interval = counted.result.interval;
      row.unfamiliarity = counted.result.unfamiliarity;
      row.unlike = counted.result.unlike;
      row.scales = counted.result.scales;
      row.seconds = counted.seconds;
      row.profile = std::move(counted.profile);
      std::vector<HeadPoint> points = points_for(row, counted.result);
      save_maps(row, image, counted.result, points);
      if (!arguments_.points.empty()) row.points = std::move(points);
    } catch (const Error& error) {
      // The next picture would say the same.
      if (error.kind() == ErrorKind::model) throw;
      return failed(row, error.kind() == ErrorKind::input ? kExitUnreadable : kExitFailure, error.what());
    } catch (const std::bad_alloc&) {
      return failed(row, kExitFailure,
                    text("there is not enough memory for '", row.path, "': count a smaller copy of it"));
    }
    return row;
  }

  static CountRow failed(CountRow row, int exit_code, std::string problem) {
    row.exit_code = exit_code;
    row.problem = std::move(problem);
    return row;
  }

  /// None where they cannot be made, as for more people than points are made for: the count is a count all the same.
  std::vector<HeadPoint> points_for(CountRow& row, const CountResult& result) {
    std::vector<HeadPoint> points;
    if (!heatmaps_ && arguments_.points.empty()) return points;
    row.points_problem = problem_of([&] { points = result.points(); }, row.path);
    return points;
  }

  void save_maps(CountRow& row, const Image& image, const CountResult& result, std::span<const HeadPoint> points) {
    if (heatmaps_) {
      row.heatmap = save(row, next(*heatmaps_, row.path), [&](const std::filesystem::path& path) {
        save_marked_png(heatmap_overlay(image, drawable_density(result), result.count, {}, points), path);
      });
    }
    if (densities_) {
      row.density = save(row, next(*densities_, row.path), [&](const std::filesystem::path& path) {
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

  /// Gives the path; "" for a file that could not be written.
  template <class Write>
  std::string save(const CountRow& row, const std::filesystem::path& path, const Write& write) {
    return problem_of([&] { write(path); }, row.path).empty() ? path.string() : "";
  }

  /// Why something could not be made of a picture, which is also a warning; "" where it was made. A full disk or a lack
  /// of memory must not cost the numbers.
  template <class Make>
  std::string problem_of(const Make& make, const std::string& picture) {
    std::string problem;
    try {
      make();
      return problem;
    } catch (const Error& error) {
      problem = text("'", picture, "' is counted, but ", error.what());
    } catch (const std::bad_alloc&) {
      problem = text("'", picture, "' is counted, but there is not enough memory to show where its people are");
    }
    context_.reporter.warning(problem);
    context_.exit_code = kExitFailure;
    return problem;
  }

  void show(const CountRow& row) {
    if (row.exit_code != 0) {
      context_.reporter.warning(row.problem);
    } else if (!arguments_.json) {
      context_.print(count_line(row) + (arguments_.profile ? profile_table(row.profile) : ""));
    }
    if (const std::string remark = size_remark(row); !remark.empty()) detail(remark);
    if (const std::string doubt = doubt_about(row); !doubt.empty()) context_.reporter.warning(doubt);
  }

  void finish() {
    for (const CountRow& row : rows_) {
      if (row.exit_code != 0 && context_.exit_code != kExitFailure) context_.exit_code = row.exit_code;
    }
    if (arguments_.json) {
      context_.print(count_json(rows_, totals(), counted_by(), interrupted()));
    } else if (inputs_.size() > 1) {
      context_.print(total_line(totals()));
    }
    if (const std::string hint = hint_of_size(); !hint.empty()) context_.reporter.note(hint);
    if (interrupted()) {
      context_.exit_code = kExitInterrupted;
      context_.reporter.warning(text("interrupted after ", rows_.size(), " of ",
                                     quantity(static_cast<std::int64_t>(inputs_.size()), "picture")));
    }
    // Last: a full disk must not cost the numbers.
    if (!arguments_.csv.empty()) write_table();
    write_points();
  }

  // Whoever chose a scale needs no advice about it.
  std::string hint_of_size() const { return arguments_.scale_chosen ? "" : size_hint(rows_); }

  void write_table() const {
    try {
      write_file(arguments_.csv, count_csv(rows_));
    } catch (const Error& error) {
      context_.reporter.warning(error.what());
      context_.exit_code = kExitFailure;
    }
  }

  void write_points() const {
    if (arguments_.points.empty()) return;
    const std::size_t missing = write_point_file(arguments_.points, rows_, counted_by(), context_.reporter);
    if (missing > 0 && context_.exit_code == 0) context_.exit_code = kExitUnreadable;
  }

  CountTotals totals() const {
    CountTotals totals = totals_of(rows_);
    if (arguments_.model.counter.interval == 0 || totals.counted == 0) return totals;
    std::vector<CountResult> counted;
    for (const CountRow& row : rows_) {
      if (row.exit_code == 0) counted.push_back({.count = row.count, .grid = {}, .interval = row.interval});
    }
    totals.interval = counter_.total_interval(counted);
    return totals;
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
  std::size_t at_once_ = pictures_at_once(counter_);
  std::optional<OutputNames> heatmaps_;
  std::optional<OutputNames> densities_;
  std::vector<CountRow> rows_;
};

/// Before anything is counted: --csv *.jpg, which the shell makes many words of, names a photo.
void check_output_name(std::string_view option, const std::string& output, const std::vector<CountInput>& inputs) {
  const bool input = std::ranges::any_of(inputs, [&](const CountInput& one) {
    std::error_code error;
    return std::filesystem::is_regular_file(output, error) && std::filesystem::equivalent(one.path, output, error);
  });
  if (input || has_image_extension(output)) {
    throw Error(ErrorKind::usage,
                text(option, ": '", output, "' would be replaced by the table, and it ",
                     input ? "is one of the files to count" : "is called like a picture", "; name another file"));
  }
}

void check_points_name(const CountArguments& arguments, const std::vector<CountInput>& inputs) {
  if (arguments.points.empty()) return;
  point_format(arguments.points);
  check_output_name("--points", arguments.points, inputs);
  check_different("--csv", arguments.csv, "--points", arguments.points);
}

void run_count(const CountArguments& arguments, CommandContext& context) {
  const std::vector<std::string> outputs = {arguments.heatmap, arguments.density};
  std::vector<CountInput> inputs = collect_inputs(
      arguments.paths, [&] { return read_descriptor(STDIN_FILENO, context.stop); }, outputs, context.reporter);
  if (inputs.empty()) throw Error(ErrorKind::usage, "the list on standard input is empty: give one path a line");
  check_output_name("--csv", arguments.csv, inputs);
  check_points_name(arguments, inputs);
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
  command->add_option("--points", arguments->points,
                      "also write where the people are to this file: a table (.csv), .json, or a data set (.jsonl) for "
                      "throng data show and for correcting");
  command->add_option(
      "--heatmap", arguments->heatmap,
      "folder for pictures with the density and the people drawn over them, beside what others put there; passed over "
      "when it lies in a folder that is counted");
  command->add_option("--density", arguments->density,
                      "folder for density maps, .npy, people per pixel; passed over likewise");
  add_model_options(*command, arguments->model);
  add_interval_option(*command, arguments->model.counter);
  add_scale_options(*command, arguments->model.counter);
  command->add_option("--max-pixels", arguments->limits.max_pixels, "refuse pictures with more pixels")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command->callback([arguments, command, &context] {
    arguments->scale_chosen = command->count("--scale") > 0;
    run_count(*arguments, context);
  });
}

}  // namespace throng
