#include "throng/counter.h"

#include <algorithm>
#include <utility>

#include "infer/counting_network.h"
#include "infer/profile.h"
#include "infer/smallest_side.h"
#include "model/resize.h"

namespace throng {

struct Counter::State {
  CountingNetwork network;
};

Counter::Counter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Counter::Counter(Counter&&) noexcept = default;
Counter& Counter::operator=(Counter&&) noexcept = default;
Counter::~Counter() = default;

Counter Counter::load(const std::filesystem::path& path, const CounterOptions& options) {
  return Counter(std::unique_ptr<State>(new State{CountingNetwork::load(path, options)}));
}

Counter Counter::load_default(const CounterOptions& options) { return load(default_model_path(), options); }

void Counter::check_memory(int width, int height) const { state_->network.check_memory(width, height); }

namespace {

CountResult counted_by(const CountingNetwork& network, const Image& image, Profile* profile) {
  GridCount counted = network.people(network.predict(image, profile).final_map(), image);
  return {.count = counted.count, .width = image.width, .height = image.height, .grid = std::move(counted.grid)};
}

}  // namespace

CountResult Counter::count(const Image& image) const { return counted_by(state_->network, image, nullptr); }

CountResult count_profiled(const Counter& counter, const Image& image, Profile& profile) {
  return counted_by(counter.state_->network, image, &profile);
}

std::vector<CountResult> Counter::count(std::span<const Image> images) const {
  // One after the other: the kernels share each image's work among all cores.
  std::vector<CountResult> results;
  results.reserve(images.size());
  for (const Image& image : images) results.push_back(count(image));
  return results;
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

}  // namespace throng
