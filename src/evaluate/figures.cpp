#include "evaluate/figures.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "data/density.h"
#include "metrics/maps.h"
#include "throng/error.h"

namespace throng {

namespace {

double count_inside(const CountResult& result, const Region& region) {
  if (region.whole()) return result.count;
  DensityMap map = result.per_pixel();
  region.cut(map.values);
  return std::accumulate(map.values.begin(), map.values.end(), 0.0);
}

std::vector<Point> points_inside(const ManifestEntry& entry, const Region& region) {
  std::vector<Point> points;
  std::ranges::copy_if(entry.points, std::back_inserter(points),
                       [&](const Point& point) { return region.contains(point); });
  return points;
}

// None for more people than points are made for: such a count is still a count.
std::optional<std::vector<Point>> found_inside(const CountResult& result, const Region& region) {
  std::vector<Point> points;
  try {
    for (const HeadPoint& head : result.points()) {
      if (const Point point{head.x, head.y}; region.contains(point)) points.push_back(point);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failure) throw;
    return std::nullopt;
  }
  return points;
}

double truth_inside(const ManifestEntry& entry, const Region& region) {
  if (entry.annotated) return static_cast<double>(points_inside(entry, region).size());
  const std::optional<std::int64_t> people = entry.people();
  return people ? static_cast<double>(*people) : std::numeric_limits<double>::quiet_NaN();
}

/// What the density map of one picture is measured by; parts that were not asked for, or make no sense, are absent.
struct MapFigures {
  std::optional<std::array<double, 4>> game;
  std::optional<ForegroundCounts> foreground;
  std::optional<double> psnr;
  double ssim = 0;
};

std::array<double, 4> games(const DensityMap& predicted, std::span<const Point> points) {
  std::array<double, 4> values{};
  int level = 0;
  for (double& value : values) value = game(predicted.values, points, predicted.width, predicted.height, level++);
  return values;
}

MapFigures measure_map(const ManifestEntry& entry, const Region& region, const CountResult& result,
                       const EvaluationOptions& options) {
  MapFigures figures;
  if (!entry.annotated || (!options.game && !options.foreground && !options.maps)) return figures;
  DensityMap predicted = result.per_pixel();
  region.cut(predicted.values);
  const std::vector<Point> points = points_inside(entry, region);
  if (options.game) figures.game = games(predicted, points);
  if (!options.foreground && !options.maps) return figures;

  const int width = predicted.width, height = predicted.height;
  std::vector<float> truth = density_map(entry.points, width, height);
  region.cut(truth);
  if (options.foreground) {
    figures.foreground = foreground_counts(predicted.values, truth, DensityConfig().foreground);
  }
  // A picture without people has no peak to measure noise against.
  if (options.maps && !points.empty()) {
    figures.psnr = psnr(predicted.values, truth, width, height);
    figures.ssim = ssim(predicted.values, truth, width, height);
  }
  return figures;
}

}  // namespace

Figures::Figures(const EvaluationOptions& options, DerivedIntervals intervals)
    : options_(options), intervals_(std::move(intervals)), by_value_(options.labels.size()) {}

void Figures::add(const ManifestEntry& entry, const CountedPicture& picture, EvaluatedImage& image) {
  const Region region(entry);
  image.count = count_inside(picture.result, region);
  image.truth = truth_inside(entry, region);
  for (const CountedOutput& output : picture.outputs) {
    image.outputs.push_back({output.name, output.level, count_inside(output.result, region)});
  }
  // Before anything is added up: what fails here leaves a picture out as a whole.
  const MapFigures figures = measure_map(entry, region, picture.result, options_);
  image.game = figures.game;
  if (entry.annotated) {
    if (const auto found = found_inside(picture.result, region)) {
      image.localisation = points_.add(*found, points_inside(entry, region));
      ++points_images_;
    }
  }
  image.interval = picture.result.interval;
  if (image.interval && !region.whole()) image.interval = intervals_.of_part(picture.result, image.count);
  image.unfamiliarity = picture.result.unfamiliarity;
  image.scales = picture.result.scales;
  if (std::isnan(image.truth)) return;

  trust_.add({.count = image.count, .grid = {}, .interval = image.interval, .unfamiliarity = image.unfamiliarity},
             image.truth);
  levels_.add(image.count, image.truth);
  for (std::size_t i = 0; i < options_.labels.size(); ++i) {
    const auto value = entry.labels.find(options_.labels[i]);
    by_value_[i][value == entry.labels.end() ? "" : value->second].add(image.count, image.truth);
  }
  add_outputs(image);
  if (figures.game) {
    for (std::size_t level = 0; level < game_.size(); ++level) game_[level] += (*figures.game)[level];
    ++game_images_;
  }
  if (figures.foreground) foreground_.add(figures.foreground->predicted, figures.foreground->truth);
  if (figures.psnr) {
    likeness_.psnr += *figures.psnr;
    likeness_.ssim += figures.ssim;
    ++likeness_.images;
  }
}

void Figures::add_outputs(const EvaluatedImage& image) {
  for (std::size_t i = 0; i < image.outputs.size(); ++i) {
    const OutputCount& output = image.outputs[i];
    if (i == outputs_.size()) outputs_.push_back({output.name, output.level, {}});
    outputs_[i].meter.add(output.count, image.truth);
  }
}

void Figures::write(Evaluation& evaluation) const {
  evaluation.errors = levels_.overall();
  evaluation.by_level = levels_.by_level();
  for (std::size_t i = 0; i < options_.labels.size(); ++i) {
    LabelErrors& label = evaluation.by_label.emplace_back();
    label.label = options_.labels[i];
    for (const auto& [value, meter] : by_value_[i]) label.by_value[value] = meter.result();
  }
  for (const OutputMeter& output : outputs_) {
    evaluation.outputs.push_back({output.name, output.level, output.meter.overall(), output.meter.by_level()});
  }
  if (game_images_ > 0) {
    evaluation.game = game_;
    for (double& value : *evaluation.game) value /= static_cast<double>(game_images_);
  }
  if (points_images_ > 0) {
    const auto levels = points_.by_level();
    const auto densities = points_.by_density();
    evaluation.localisation = {points_.radius(),
                               points_images_,
                               points_.overall(),
                               {levels.begin(), levels.end()},
                               {densities.begin(), densities.end()}};
  }
  trust_.write(evaluation, intervals_);
  if (options_.foreground) evaluation.foreground = foreground_.result();
  if (options_.maps && likeness_.images > 0) {
    const auto images = static_cast<double>(likeness_.images);
    evaluation.maps = {likeness_.psnr / images, likeness_.ssim / images, likeness_.images};
  }
}

}  // namespace throng
