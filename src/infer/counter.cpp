#include "throng/counter.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/checksum.h"
#include "core/text.h"
#include "infer/available_memory.h"
#include "infer/device.h"
#include "infer/predict.h"
#include "infer/prepare.h"
#include "model/model_file.h"
#include "model/resize.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr int kMostThreads = 1024;

int thread_count(int wanted) {
  if (wanted < 0 || wanted > kMostThreads) {
    throw Error(ErrorKind::usage,
                text(wanted, " threads are not possible: use 1 to ", kMostThreads, ", or 0 for all cores"));
  }
  // What torch itself chose when the program started, however many a Counter was given since.
  static const int every_core = at::get_num_threads();
  return wanted == 0 ? every_core : wanted;
}

// torch keeps the number of threads per calling thread.
void use_threads(int count) {
  if (at::get_num_threads() != count) at::set_num_threads(count);
}

std::int64_t picture_bytes(int width, int height) { return std::int64_t{3} * std::max(width, 0) * std::max(height, 0); }

std::string size_text(int width, int height) { return text(width, " x ", height, " pixels"); }

}  // namespace

struct Counter::State {
  PreparedNet net;
  ModelCard card;
  ModelInfo info;
  std::int64_t memory_limit;
  int threads;

  /// Throws where an image of that size would need more memory than it may take; `held` bytes of that are taken
  /// already, and so missing from what the machine has. A GPU says so itself.
  void check_memory(int width, int height, std::int64_t held) const {
    if (!net.device().is_cpu()) return;
    const std::int64_t whole = picture_bytes(width, height) + net.memory().bytes(width, height);
    const std::int64_t needed = memory_limit > 0 ? whole : whole - held;
    const std::int64_t allowed = memory_limit > 0 ? memory_limit : available_memory();
    if (needed <= allowed) return;
    throw Error(ErrorKind::failure, text("an image of ", size_text(width, height), " needs about ", human_bytes(needed),
                                         " of memory with the model ", info.name, ", and ", human_bytes(allowed),
                                         memory_limit > 0 ? " are allowed" : " are available",
                                         ": count a smaller copy of it (half the width and height need a quarter)",
                                         memory_limit > 0 ? ", or allow more with --memory" : ", or free some memory"));
  }

  Prediction forward(const Image& image) const {
    try {
      return net.forward(image_tensor(image, card.normalisation).to(net.device()));
    } catch (const c10::OutOfMemoryError&) {
      throw Error(ErrorKind::failure,
                  text("the memory of ", net.device().str(), " does not suffice for an image of ",
                       size_text(image.width, image.height), ": count a smaller copy of it, or use --device cpu"));
    } catch (const c10::Error& error) {
      throw Error(ErrorKind::failure, text("counting an image of ", size_text(image.width, image.height),
                                           " failed: ", error.what_without_backtrace()));
    }
  }
};

Counter::Counter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Counter::Counter(Counter&&) noexcept = default;
Counter& Counter::operator=(Counter&&) noexcept = default;
Counter::~Counter() = default;

Counter Counter::load(const std::filesystem::path& path, const CounterOptions& options) {
  const at::Device device = torch_device(parse_device(options.device));
  const Precision precision = choose_precision(parse_precision(options.precision), device);
  const int threads = thread_count(options.threads);
  if (options.memory_limit < 0)
    throw Error(ErrorKind::usage, "a negative memory limit is not possible: use 0 for none");
  use_threads(threads);

  LoadedModel model = load_model(path);
  ModelInfo info{.name = model.card.name,
                 .sha256 = sha256_of_file(path),
                 .description = card_to_text(model.card),
                 .parameters = model.net.parameters()};
  PreparedNet net = prepare(std::move(model.net), precision, device);
  return Counter(std::unique_ptr<State>(
      new State{std::move(net), std::move(model.card), std::move(info), options.memory_limit, threads}));
}

Counter Counter::load_default(const CounterOptions& options) { return load(default_model_path(), options); }

void Counter::check_memory(int width, int height) const { state_->check_memory(width, height, 0); }

CountResult Counter::count(const Image& image) const {
  use_threads(state_->threads);
  state_->check_memory(image.width, image.height, static_cast<std::int64_t>(image.rgb.size()));
  const Prediction prediction = state_->forward(image);
  GridCount counted = count_final_map(prediction.final_map(), state_->card.density_scale, image.height, image.width);
  if (!std::isfinite(counted.count)) {
    throw Error(ErrorKind::failure,
                text("the model ", state_->info.name, " gives no finite number for an image of ",
                     size_text(image.width, image.height), ": its weights are out of range; use another model file"));
  }
  return {.count = counted.count, .width = image.width, .height = image.height, .grid = std::move(counted.grid)};
}

const ModelInfo& Counter::model() const { return state_->info; }
std::string Counter::device() const { return state_->net.device().str(); }
std::string Counter::precision() const { return to_string(state_->net.precision()); }
int Counter::threads() const { return state_->threads; }
std::string Counter::kernels() const { return state_->net.kernels(); }

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
