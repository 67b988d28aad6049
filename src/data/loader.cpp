#include "data/loader.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/draw.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {
namespace {

template <class T>
void append(std::vector<T>& all, const std::vector<T>& part) {
  all.insert(all.end(), part.begin(), part.end());
}

void add_crop(Batch& batch, Crop crop, std::int64_t id, std::uint64_t visit) {
  append(batch.rgb, crop.rgb);
  append(batch.density, crop.density);
  append(batch.density_squared, crop.density_squared);
  append(batch.foreground, crop.foreground);
  append(batch.half_density, crop.half_density);
  append(batch.half_density_squared, crop.half_density_squared);
  batch.valid_width.push_back(crop.valid_width);
  batch.valid_height.push_back(crop.valid_height);
  batch.points.push_back(std::move(crop.points));
  batch.ids.push_back(id);
  batch.visits.push_back(visit);
  ++batch.batch;
}

void check(const std::shared_ptr<const SampleSource>& source, const LoaderOptions& options) {
  if (!source || source->size() == 0)
    throw Error(ErrorKind::usage, "there are no images to load; the training split is empty");
  if (options.batch < 1 || options.crops_per_image < 1 || options.workers < 0 || options.prefetch < 1) {
    throw Error(ErrorKind::usage, text("a loader with batch ", options.batch, ", ", options.crops_per_image,
                                       " crops per image, ", options.workers, " workers and ", options.prefetch,
                                       " batches ahead; all must be at least 1 (workers at least 0)"));
  }
}

}  // namespace

struct Loader::State {
  /// A finished batch, or what went wrong with it.
  struct Result {
    Batch batch;
    std::exception_ptr problem;
  };

  std::shared_ptr<const SampleSource> source;
  AugmentConfig augment;
  DensityConfig density;
  LoaderOptions options;

  std::int64_t epoch = 0;
  std::vector<std::int64_t> order;  ///< the epoch's visits, permuted
  double waited = 0;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::map<std::int64_t, Result> ready;  ///< by batch index
  std::int64_t delivered = 0;            ///< index of the batch that next() gives next
  std::int64_t claimed = 0;              ///< index of the next batch that no worker has taken
  std::vector<std::jthread> workers;     ///< last, so that they end first

  std::int64_t visits() const { return source->size() * options.crops_per_image; }
  std::int64_t batches() const { return (visits() + options.batch - 1) / options.batch; }

  Batch make_batch(std::int64_t index, const std::stop_token& stop) const;
  void work(const std::stop_token& stop);
  void stop_workers();
  Result take(std::int64_t index);
  Batch load(std::int64_t index);
};

Batch Loader::State::make_batch(std::int64_t index, const std::stop_token& stop) const {
  Batch batch;
  batch.size = static_cast<int>(augment.crop);
  batch.epoch = static_cast<std::uint64_t>(epoch);
  const std::int64_t end = std::min(visits(), (index + 1) * options.batch);
  for (std::int64_t i = index * options.batch; i < end && !stop.stop_requested(); ++i) {
    const std::int64_t visit = order[static_cast<std::size_t>(i)];
    const std::int64_t id = visit % source->size();
    const auto draw_id = static_cast<std::uint64_t>(visit);
    add_crop(batch,
             make_crop(source->load(id), augment, density, options.seed, batch.epoch, draw_id, options.half_grid), id,
             draw_id);
  }
  return batch;
}

void Loader::State::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, stop, [&] { return claimed >= batches() || claimed < delivered + options.prefetch; });
    if (stop.stop_requested() || claimed >= batches()) return;
    const std::int64_t index = claimed++;
    lock.unlock();
    Result result;
    try {
      result.batch = make_batch(index, stop);
    } catch (...) {
      result.problem = std::current_exception();
    }
    lock.lock();
    ready.emplace(index, std::move(result));
    changed.notify_all();
  }
}

void Loader::State::stop_workers() {
  for (std::jthread& worker : workers) worker.request_stop();
  workers.clear();
}

/// Waits for one batch of the workers.
Loader::State::Result Loader::State::take(std::int64_t index) {
  const auto begin = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return ready.contains(index); });
  Result result = std::move(ready.extract(index).mapped());
  delivered = index + 1;
  changed.notify_all();
  waited += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

/// Makes one batch without workers; all of that is waiting.
Batch Loader::State::load(std::int64_t index) {
  const auto begin = std::chrono::steady_clock::now();
  ++delivered;
  Batch batch = make_batch(index, {});
  waited += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return batch;
}

Loader::Loader(std::shared_ptr<const SampleSource> source, AugmentConfig augment, DensityConfig density,
               LoaderOptions options)
    : state_(std::make_unique<State>()) {
  check(source, options);
  state_->source = std::move(source);
  state_->augment = augment;
  state_->density = std::move(density);
  state_->options = options;
  state_->delivered = batches_per_epoch();
}

Loader::~Loader() { state_->stop_workers(); }

std::int64_t Loader::batches_per_epoch() const { return state_->batches(); }

void Loader::start(std::int64_t epoch, std::int64_t first_batch) {
  State& state = *state_;
  state.stop_workers();
  state.epoch = epoch;
  state.order = Draw(state.options.seed, "order", static_cast<std::uint64_t>(epoch)).permutation(state.visits());
  state.ready.clear();
  state.waited = 0;
  state.delivered = std::clamp<std::int64_t>(first_batch, 0, state.batches());
  state.claimed = state.delivered;
  for (int i = 0; i < state.options.workers; ++i) {
    state.workers.emplace_back([&state](const std::stop_token& stop) { state.work(stop); });
  }
}

std::optional<Batch> Loader::next() {
  State& state = *state_;
  if (state.delivered >= state.batches()) return std::nullopt;
  const std::int64_t index = state.delivered;
  if (state.options.workers == 0) return state.load(index);
  State::Result result = state.take(index);
  if (result.problem) std::rethrow_exception(result.problem);
  return std::move(result.batch);
}

double Loader::waited() const { return state_->waited; }

}  // namespace throng
