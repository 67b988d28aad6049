#include "evaluate/evaluation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <new>
#include <set>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "data/picture_check.h"
#include "evaluate/figures.h"
#include "image/codec.h"
#include "infer/inspect.h"
#include "throng/error.h"

namespace throng {

namespace {

/// What the two kinds of models have in common.
struct PictureCounter {
  std::function<void(int width, int height)> check_memory;
  std::function<CountedPicture(const Image&)> count;
  DerivedIntervals intervals = {};
};

void check_labels(const std::vector<std::string>& wanted, std::span<const ManifestEntry> entries) {
  std::set<std::string> known;
  for (const ManifestEntry& entry : entries) {
    for (const auto& [label, value] : entry.labels) known.insert(label);
  }
  for (const std::string& label : wanted) {
    if (known.contains(label)) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    throw Error(ErrorKind::usage, text("no picture has a label '", label, "'; the data set has ",
                                       names.empty() ? "no labels" : "the labels " + join(names, ", ")));
  }
}

/// Goes through the pictures of a data set.
class EvaluationRun {
 public:
  EvaluationRun(PictureCounter counter, std::span<const ManifestEntry> entries, const EvaluationOptions& options,
                const Reporter& reporter, const std::stop_token& stop)
      : counter_(std::move(counter)),
        entries_(entries),
        options_(options),
        reporter_(reporter),
        stop_(stop),
        figures_(options, counter_.intervals) {
    check_labels(options.labels, entries);
  }

  Evaluation run() {
    const auto total = static_cast<std::int64_t>(entries_.size());
    std::int64_t done = 0;
    for (const ManifestEntry& entry : entries_) {
      reporter_.progress(done, total, entry.image.string());
      if (stop_.stop_requested()) {
        throw Error(ErrorKind::interrupted, text("interrupted after ", done, " of ", quantity(total, "picture"),
                                                 ": figures of a part would mislead"));
      }
      look_at(entry);
      ++done;
    }
    reporter_.progress(total, total);
    check_something_was_counted();
    if (evaluation_.unannotated > 0) {
      reporter_.note(text("not annotated, and so in none of the figures: ", evaluation_.unannotated, " of ",
                          quantity(total, "picture")));
    }
    if (evaluation_.left_out > 0) {
      reporter_.warning(text("left out of the figures: ", evaluation_.left_out, " of ", quantity(total, "picture")));
    }
    figures_.write(evaluation_);
    return std::move(evaluation_);
  }

 private:
  void look_at(const ManifestEntry& entry) {
    const std::optional<std::int64_t> people = entry.people();
    if (!people) {
      ++evaluation_.unannotated;
      if (!options_.unannotated) return;
    }
    EvaluatedImage image;
    image.path = entry.image.string();
    image.truth = people ? static_cast<double>(*people) : std::numeric_limits<double>::quiet_NaN();
    try {
      CountedPicture picture = count(entry);
      figures_.add(entry, picture, image);
      if (people && options_.keep_worst > 0) keep_if_worst({image, std::move(picture.result)});
    } catch (const Error& error) {
      // Of these each picture has its own; all others would come with every picture.
      if (error.kind() != ErrorKind::input && error.kind() != ErrorKind::failure) throw;
      const bool named = std::string_view(error.what()).find(image.path) != std::string_view::npos;
      leave_out(image, named ? error.what() : text(image.path, ": ", error.what()), error.kind());
    } catch (const std::bad_alloc&) {
      leave_out(image, text("there is not enough memory for ", image.path, ": count a smaller copy of it"),
                ErrorKind::failure);
    }
    evaluation_.images.push_back(std::move(image));
  }

  // What can be known from the header comes before the pixels.
  CountedPicture count(const ManifestEntry& entry) const {
    const ImageSize size = probe_image(entry.image);
    check_size(entry, size.width, size.height);
    counter_.check_memory(size.width, size.height);
    return counter_.count(load_image(entry.image));
  }

  void leave_out(EvaluatedImage& image, std::string problem, ErrorKind kind) {
    if (evaluation_.left_out == 0) first_kind_ = kind;
    ++evaluation_.left_out;
    reporter_.warning(problem);
    image.problem = std::move(problem);
  }

  // Worst first; the earlier of two equals stays in front.
  void keep_if_worst(WorstCase candidate) {
    std::vector<WorstCase>& worst = evaluation_.worst;
    const double error = std::abs(candidate.image.error());
    const auto place =
        std::ranges::find_if(worst, [&](const WorstCase& kept) { return std::abs(kept.image.error()) < error; });
    worst.insert(place, std::move(candidate));
    if (worst.size() > static_cast<std::size_t>(options_.keep_worst)) worst.pop_back();
  }

  void check_something_was_counted() const {
    const auto looked_at = static_cast<std::int64_t>(evaluation_.images.size());
    if (looked_at > evaluation_.left_out) return;
    if (looked_at == 0) {
      throw Error(ErrorKind::usage,
                  "none of the pictures is annotated, so there is nothing to compare with: `throng count` counts them, "
                  "and `throng eval --submission FILE` writes their counts for a benchmark");
    }
    throw Error(first_kind_, text("none of ", quantity(looked_at, "picture"),
                                  " could be counted; the first: ", evaluation_.images.front().problem));
  }

  PictureCounter counter_;
  std::span<const ManifestEntry> entries_;
  const EvaluationOptions& options_;
  const Reporter& reporter_;
  const std::stop_token& stop_;
  Figures figures_;
  Evaluation evaluation_;
  ErrorKind first_kind_ = ErrorKind::input;
};

CountedPicture counted(Inspection inspection) {
  CountedPicture picture;
  for (InspectedMap& map : inspection.maps) {
    picture.outputs.push_back(
        {std::move(map.name),
         map.level,
         {.count = map.count, .width = inspection.width, .height = inspection.height, .grid = std::move(map.map)}});
  }
  picture.result = picture.outputs.back().result;
  return picture;
}

}  // namespace

Evaluation evaluate(const Counter& counter, std::span<const ManifestEntry> entries, const EvaluationOptions& options,
                    const Reporter& reporter, const std::stop_token& stop) {
  PictureCounter pictures{
      [&](int width, int height) { counter.check_memory(width, height); },
      [&](const Image& image) {
        return CountedPicture{counter.count(image), {}};
      },
      {[&](std::span<const CountResult> results) { return counter.total_interval(results); },
       [&](const CountResult& whole, double people) { return counter.part_interval(whole, people); }}};
  return EvaluationRun(std::move(pictures), entries, options, reporter, stop).run();
}

Evaluation evaluate(const Inspector& inspector, std::span<const ManifestEntry> entries,
                    const EvaluationOptions& options, const Reporter& reporter, const std::stop_token& stop) {
  PictureCounter pictures{[&](int width, int height) { inspector.check_memory(width, height); },
                          [&](const Image& image) { return counted(inspector.inspect(image)); }};
  return EvaluationRun(std::move(pictures), entries, options, reporter, stop).run();
}

bool judged_by_game(const Manifest& manifest) { return lower_case(manifest.name).starts_with("trancos"); }

}  // namespace throng
