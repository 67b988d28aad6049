#include "throng/counter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "confidence/count_interval.h"
#include "confidence/familiarity.h"
#include "core/text.h"
#include "image/resize.h"
#include "infer/counting_at_scales.h"
#include "infer/counting_network.h"
#include "infer/drawable_density.h"
#include "infer/evidence.h"
#include "infer/head_points.h"
#include "infer/pass.h"
#include "infer/predict.h"
#include "infer/profile.h"
#include "infer/scales.h"
#include "infer/smallest_side.h"
#include "model/resize.h"
#include "throng/error.h"

namespace throng {

struct Counter::State {
  CountingNetwork network;
  double interval_level = 0;  // 0: no intervals
  Scales scales;
  bool mirror = false;

  bool one_pass() const { return scales.own_size() && !mirror; }
  OtherLooks looks() const { return {.mirrored = mirror, .for_interval = interval_level != 0}; }
};

namespace {

// What cannot be served is said before a picture is counted.
void check_level(const ModelCard& card, double level) {
  if (!card.intervals) {
    throw Error(ErrorKind::usage, text("the model ", card.name,
                                       " is not calibrated for intervals: throng model calibrate does that with "
                                       "pictures that it was not trained on"));
  }
  count_interval(*card.intervals, {}, level);
}

}  // namespace

Counter::Counter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Counter::Counter(Counter&&) noexcept = default;
Counter& Counter::operator=(Counter&&) noexcept = default;
Counter::~Counter() = default;

Counter Counter::load(const std::filesystem::path& path, const CounterOptions& options) {
  const Scales scales = parse_scales(options.scale);
  std::unique_ptr<State> state(
      new State{CountingNetwork::load(path, options), options.interval, scales, options.mirror});
  if (options.interval != 0) check_level(state->network.card(), options.interval);
  check_familiarity(state->network);
  return Counter(std::move(state));
}

Counter Counter::load_default(const CounterOptions& options) { return load(default_model_path(), options); }

void Counter::check_memory(int width, int height) const {
  check_memory_at_scales(state_->network, {width, height}, state_->scales, state_->looks());
}

namespace {

// What a look at `seen`, the picture at its working scale, says beside the count.
void add_confidence(const CountingNetwork& network, const Image& picture, const Image& seen,
                    const Prediction& prediction, double level, CountResult& result) {
  const ModelCard& card = network.card();
  if (card.familiarity) {
    Unfamiliarity found = unfamiliarity(*card.familiarity, picture_features(network, picture, seen, prediction));
    result.unfamiliarity = found.distance;
    if (found.distance > 1) result.unlike = std::move(found.group);
  }
  if (level == 0) return;
  const std::int64_t beside = &seen == &picture ? 0 : picture_bytes({picture.width, picture.height});
  CountEvidence evidence = count_evidence(network, seen, prediction, beside);
  evidence.count = result.count;
  result.interval = count_interval(*card.intervals, evidence, level);
}

CountResult counted_in(const CountingNetwork& network, const Image& image, const Prediction& prediction, double level) {
  GridCount counted = network.people(prediction.final_map(), image);
  CountResult result{
      .count = counted.count, .width = image.width, .height = image.height, .grid = std::move(counted.grid)};
  add_confidence(network, image, image, prediction, level, result);
  return result;
}

}  // namespace

CountResult Counter::count(const Image& image) const { return count(image, nullptr); }

CountResult Counter::count(const Image& image, std::vector<LayerTime>* profile) const {
  check_image(image);
  Passes passes(state_->network, image, profile, !state_->one_pass());
  ScaledCount counted = count_at_scales(state_->scales, state_->looks(), passes);
  CountResult result{
      .count = counted.count, .width = image.width, .height = image.height, .grid = std::move(counted.grid)};
  const Pass& first = passes.kept(counted.factors.front());
  add_confidence(state_->network, image, passes.seen(first), first.prediction, state_->interval_level, result);
  result.scales = std::move(counted.factors);
  return result;
}

CountResult count_profiled(const Counter& counter, const Image& image, Profile& profile) {
  return counter.count(image, &profile);
}

std::vector<CountResult> Counter::count(std::span<const Image> images) const {
  std::vector<CountResult> results(images.size());
  if (!state_->one_pass()) {
    // One by one: on a GPU, passes of several images are not computed together as whole images of one size are.
    std::ranges::transform(images, results.begin(), [this](const Image& image) { return count(image); });
    return results;
  }
  state_->network.predict_each(images, [&](std::size_t index, const Prediction& prediction) {
    results[index] = counted_in(state_->network, images[index], prediction, state_->interval_level);
  });
  return results;
}

CountInterval Counter::total_interval(std::span<const CountResult> results) const {
  std::vector<IntervalOfCount> counts;
  for (const CountResult& result : results) {
    if (!result.interval) {
      throw Error(ErrorKind::usage,
                  "a sum has an interval where every count has one: set CounterOptions::interval to its level");
    }
    counts.push_back({result.count, *result.interval});
  }
  const auto& intervals = state_->network.card().intervals;
  return throng::total_interval(counts, intervals ? intervals->correlation : 1);
}

CountInterval Counter::part_interval(const CountResult& whole, double people) const {
  return throng::part_interval(state_->network.card().intervals.value_or(IntervalCalibration()), whole, people);
}

const ModelInfo& Counter::model() const { return state_->network.info(); }
std::string Counter::device() const { return state_->network.net().device().str(); }
std::string Counter::precision() const { return to_string(state_->network.net().precision()); }
int Counter::threads() const { return state_->network.threads(); }
std::string Counter::kernels() const { return state_->network.net().kernels(); }

DensityMap CountResult::per_pixel() const {
  DensityMap map{width, height, std::vector<float>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
  const auto rows = nearest_repeats(grid.height, std::max(height, kSmallestSide), height);
  const auto columns = nearest_repeats(grid.width, std::max(width, kSmallestSide), width);
  auto pixel = map.values.begin();
  auto cells = grid.values.begin();
  for (const float row : rows) {
    for (int repeat = 0; repeat < static_cast<int>(row); ++repeat) {
      for (std::size_t column = 0; column < columns.size(); ++column) {
        const float people = cells[static_cast<std::ptrdiff_t>(column)] / (row * columns[column]);
        pixel = std::fill_n(pixel, static_cast<int>(columns[column]), people);
      }
    }
    cells += grid.width;
  }
  return map;
}

std::vector<HeadPoint> CountResult::points() const {
  // A count that is not a number, or none that can be shown, has no points or is refused below.
  if (!(count > 0)) return {};
  // People are as large as the network saw them.
  const ImageSize seen = scaled_size({width, height}, scales.empty() ? 1 : scales.front());
  std::vector<HeadPoint> points =
      head_points(drawable_density(*this), seen.width, seen.height, std::llround(std::min(count, 1e15)));
  if (seen.width == width && seen.height == height) return points;
  const auto place = [](float at, int from, int to) {
    return std::min(at * static_cast<float>(to) / static_cast<float>(from),
                    std::nextafter(static_cast<float>(to), 0.0F));
  };
  for (HeadPoint& point : points) {
    point.x = place(point.x, seen.width, width);
    point.y = place(point.y, seen.height, height);
  }
  return points;
}

}  // namespace throng
