#include "throng/counter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "confidence/count_interval.h"
#include "confidence/familiarity.h"
#include "core/text.h"
#include "infer/counting_network.h"
#include "infer/drawable_density.h"
#include "infer/evidence.h"
#include "infer/head_points.h"
#include "infer/profile.h"
#include "infer/smallest_side.h"
#include "model/resize.h"
#include "throng/error.h"

namespace throng {

struct Counter::State {
  CountingNetwork network;
  double interval_level = 0;  // 0: no intervals
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
  std::unique_ptr<State> state(new State{CountingNetwork::load(path, options), options.interval});
  if (options.interval != 0) check_level(state->network.card(), options.interval);
  return Counter(std::move(state));
}

Counter Counter::load_default(const CounterOptions& options) { return load(default_model_path(), options); }

void Counter::check_memory(int width, int height) const { state_->network.check_memory(width, height); }

namespace {

CountResult counted_in(const CountingNetwork& network, const Image& image, const Prediction& prediction, double level) {
  GridCount counted = network.people(prediction.final_map(), image);
  CountResult result{
      .count = counted.count, .width = image.width, .height = image.height, .grid = std::move(counted.grid)};
  const ModelCard& card = network.card();
  if (card.familiarity) result.unfamiliarity = unfamiliarity(*card.familiarity, picture_features(prediction));
  if (level != 0) result.interval = count_interval(*card.intervals, count_evidence(network, image, prediction), level);
  return result;
}

}  // namespace

CountResult Counter::count(const Image& image) const {
  return counted_in(state_->network, image, state_->network.predict(image), state_->interval_level);
}

CountResult count_profiled(const Counter& counter, const Image& image, Profile& profile) {
  const CountingNetwork& network = counter.state_->network;
  return counted_in(network, image, network.predict(image, &profile), counter.state_->interval_level);
}

std::vector<CountResult> Counter::count(std::span<const Image> images) const {
  std::vector<CountResult> results(images.size());
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
  return head_points(drawable_density(*this), width, height, std::llround(std::min(count, 1e15)));
}

}  // namespace throng
