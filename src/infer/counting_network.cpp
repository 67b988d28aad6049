#include "infer/counting_network.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <future>
#include <string>
#include <utility>

#include "core/checksum.h"
#include "core/freed_memory.h"
#include "core/text.h"
#include "infer/available_memory.h"
#include "infer/device.h"
#include "infer/equal_sizes.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr int kMostThreads = 1024;

// Beyond so many bytes the steps become smaller, down to so many pixels.
constexpr std::int64_t kComfortable = std::int64_t{1} << 30;
constexpr std::int64_t kSmallestComfortable = 1024;

// What torch itself chose, before anyone could give it another number: a network that is loaded later is to have every
// core all the same.
const int kEveryCore = at::get_num_threads();

int thread_count(int wanted) {
  if (wanted < 0 || wanted > kMostThreads) {
    throw Error(ErrorKind::usage,
                text(wanted, " threads are not possible: use 1 to ", kMostThreads, ", or 0 for all cores"));
  }
  return wanted == 0 ? kEveryCore : wanted;
}

// torch keeps the number of threads per calling thread.
void use_threads(int count) {
  if (at::get_num_threads() != count) at::set_num_threads(count);
}

std::string size_text(int width, int height) { return text(width, " x ", height, " pixels"); }

}  // namespace

CountingNetwork CountingNetwork::load(const std::filesystem::path& path, const CounterOptions& options) {
  const at::Device device = torch_device(parse_device(options.device));
  const Precision wanted = parse_precision(options.precision);
  const int threads = thread_count(options.threads);
  if (options.memory_limit < 0)
    throw Error(ErrorKind::usage, "a negative memory limit is not possible: use 0 for none");
  use_threads(threads);

  std::future<std::string> checksum = std::async(std::launch::async, sha256_of_file, path);
  const TorchWork loading{"loading", text("the model ", path.string()), "use --device cpu or a smaller model", device};
  return in_our_words(loading, [&] {
    LoadedModel model = load_model(path);
    ModelInfo info{.name = model.card.name,
                   .sha256 = {},
                   .description = card_to_text(model.card),
                   .parameters = model.net.parameters()};
    const Calibration* const calibration = model.card.calibration ? &*model.card.calibration : nullptr;
    PreparedNet net = prepare(std::move(model.net), wanted, device, calibration, &model.card.normalisation);
    info.sha256 = checksum.get();
    return CountingNetwork(std::move(net), std::move(model.card), std::move(info), options.memory_limit, threads);
  });
}

void CountingNetwork::check_memory(int width, int height) const {
  check_memory({width, height}, {.in_use = 0, .to_come = picture_bytes({width, height})});
}

void CountingNetwork::check_memory(ImageSize size, const MemoryBeside& beside) const { budget_for(size, beside); }

RowBudget CountingNetwork::budget_for(ImageSize size, const MemoryBeside& beside) const {
  if (!net_.device().is_cpu()) return {};
  const auto [width, height] = size;
  const std::int64_t others = beside.to_come + (memory_limit_ > 0 ? beside.in_use : 0);
  // What whole maps take depends on no budget and is quickly known; planning for a picture that cannot be may take
  // long.
  std::int64_t needed = others + net_.whole_maps(width, height);
  std::int64_t allowed = memory_limit_ > 0 ? memory_limit_ : available_memory();
  if (memory_limit_ == 0 && needed > allowed / 2) {
    // The process may have kept what earlier pictures took.
    release_freed_memory();
    allowed = available_memory();
  }
  const bool conceivable = needed / 8 <= allowed;  // eight times what is allowed may be no number
  for (RowBudget budget; conceivable && budget.pixels > 0; budget.pixels /= 2) {
    needed = others + net_.memory(width, height, budget);
    // Large steps of large pictures take gigabytes for a few hundredths of the time.
    const bool lavish = needed > kComfortable && budget.pixels > kSmallestComfortable;
    if (needed <= allowed && !lavish) return budget;
  }
  throw Error(ErrorKind::failure,
              text("an image of ", size_text(width, height), " needs ", conceivable ? "about " : "more than ",
                   human_bytes(needed), " of memory with the model ", info_.name, ", and ", human_bytes(allowed),
                   memory_limit_ > 0 ? " are allowed: allow more with --memory" : " are available: free some memory",
                   ", count a smaller copy of it, or count in bf16 or int8 (--precision auto)"));
}

Prediction CountingNetwork::predict(const Image& image, Profile* profile, std::int64_t beside) const {
  use_threads(threads_);
  const ImageSize size{image.width, image.height};
  const RowBudget budget = budget_for(size, {.in_use = beside + picture_bytes(size), .to_come = 0});
  return counting(image, [&] { return net_.forward(image, card_.normalisation, budget, profile); });
}

TorchWork CountingNetwork::counting_of(const Image& image) const {
  return {"counting", text("an image of ", size_text(image.width, image.height)),
          "count a smaller copy of it, or use --device cpu", net_.device()};
}

void CountingNetwork::predict_each(
    std::span<const Image> images,
    const std::function<void(std::size_t index, const Prediction& prediction)>& use) const {
  if (net_.device().is_cpu()) {
    // One after the other: the kernels share each image's work among all cores.
    for (std::size_t i = 0; i < images.size(); ++i) use(i, predict(images[i]));
    return;
  }
  for (const std::vector<std::size_t>& batch : equal_size_batches(images)) {
    std::vector<const Image*> pictures;
    for (const std::size_t index : batch) pictures.push_back(&images[index]);
    const std::vector<Prediction> predictions = predict_batch(pictures);
    for (std::size_t i = 0; i < batch.size(); ++i) use(batch[i], predictions[i]);
  }
}

// One by one where the device cannot hold them together.
std::vector<Prediction> CountingNetwork::predict_batch(std::span<const Image* const> images) const {
  if (images.size() > 1) {
    try {
      return net_.forward(images, card_.normalisation);
    } catch (const c10::Error&) {  // predict() says it in its own words where it comes again
    }
  }
  std::vector<Prediction> predictions;
  for (const Image* image : images) predictions.push_back(predict(*image));
  return predictions;
}

GridCount CountingNetwork::people(const at::Tensor& map, const Image& image) const {
  GridCount counted =
      counting(image, [&] { return count_final_map(map, card_.density_scale, image.height, image.width); });
  if (std::isfinite(counted.count)) return counted;
  throw Error(ErrorKind::failure,
              text("the model ", info_.name, " gives no finite number for an image of ",
                   size_text(image.width, image.height), ": its weights are out of range; use another model file"));
}

}  // namespace throng
