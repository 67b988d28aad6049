#include "reproduce/estimate.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "core/device.h"
#include "core/text.h"
#include "data/loader.h"
#include "data/manifest.h"
#include "image/codec.h"
#include "infer/device.h"
#include "infer/predict.h"
#include "loss/criterion.h"
#include "model/limits.h"
#include "model/model_file.h"
#include "reproduce/measuring.h"
#include "throng/error.h"
#include "train/batch_tensors.h"
#include "train/dataset.h"
#include "train/optimiser.h"
#include "train/precision.h"

namespace throng {

namespace {

constexpr int kMeasuredSteps = 2;

class Clock {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count(); }

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

Dataset dataset_of(const ExperimentConfig& config) {
  return make_dataset(config.data, static_cast<std::uint64_t>(config.train.seed));
}

/// What decides the time of a step and of a picture.
std::string kind_of(const ExperimentConfig& config) {
  const LossConfig& loss = config.loss;
  const bool transport = loss.transport > 0;
  return text(config_tree(config.model).dump(), " ", config.train.augment.crop, " ", config.train.batch, " ",
              config.train.precision, " ", config.train.init, " ", transport ? loss.transport_iterations : 0);
}

}  // namespace

CostEstimator::Amount CostEstimator::amount_of(const ExperimentConfig& config) {
  const Dataset data = dataset_of(config);
  const std::int64_t crops = data.training->size() * config.train.crops_per_image;
  Amount amount;
  amount.steps_per_epoch = (crops + config.train.batch - 1) / config.train.batch;
  amount.validation_pictures = static_cast<std::int64_t>(data.validation.size());
  amount.test_pictures = std::ssize(judged_pictures(config));
  return amount;
}

CostEstimator::Speed CostEstimator::measure(const ExperimentConfig& given) const {
  ExperimentConfig config = given;
  if (config.train.threads > 0) at::set_num_threads(static_cast<int>(config.train.threads));
  check_limits(config.model);
  const at::Device device = torch_device(parse_device(config.train.device));
  const Autocast autocast(config.train.precision, device);
  ModelCard card;
  if (!config.train.init.empty()) config.model = read_card(config.train.init).model;
  // How fast a network is does not depend on its weights: none are read or drawn.
  DensityNet net(config.model);
  const Dataset data = dataset_of(config);
  const Criterion criterion(config.loss, net.hierarchy(), config.train.augment.crop);
  net.to(device);
  Optimiser optimiser(net, config.train);
  net.train(true);
  LoaderOptions options;
  options.batch = config.train.batch;
  options.crops_per_image = config.train.crops_per_image;
  options.workers = 0;
  options.seed = static_cast<std::uint64_t>(config.train.seed);
  options.half_grid = criterion.needs_half_grid();
  Loader loader(data.training, config.train.augment, config.data.density, options);

  Speed speed;
  speed.step_seconds = std::numeric_limits<double>::infinity();
  loader.start(0);
  // The first step pays for what later ones have ready.
  for (int step = 0; step <= kMeasuredSteps; ++step) {
    if (stop_.stop_requested()) throw Error(ErrorKind::interrupted, "stopped before anything was trained");
    const Clock loading;
    std::optional<Batch> batch = loader.next();
    if (!batch) break;
    const double load_seconds = loading.seconds() / static_cast<double>(std::max<std::int64_t>(1, config.data.workers));
    const Clock computing;
    {
      const at::Tensor images = batch_images(*batch, card.normalisation, device);
      const Prediction prediction = forward_in(autocast, net, images);
      const Target target = batch_target(*batch, card.density_scale, options.seed, device);
      criterion(prediction, target).total.backward();
    }
    optimiser.step(0.0);
    speed.step_seconds = std::min(speed.step_seconds, std::max(computing.seconds(), load_seconds));
  }

  net.train(false);
  const std::vector<ManifestEntry> test = judged_pictures(config);
  const Image picture = load_image(test[test.size() / 2].image);
  const Clock counting;
  count_on_grid(net, card, picture, device);
  speed.picture_seconds = counting.seconds();

  for (const NamedTensor& named : net.tensors()) {
    speed.model_bytes += static_cast<std::int64_t>(named.tensor->nbytes());
  }
  for (const auto& [name, tensor] : optimiser.state()) speed.moment_bytes += static_cast<std::int64_t>(tensor.nbytes());
  return speed;
}

TrainingCost CostEstimator::cost(const ExperimentConfig& config) {
  const std::string kind = kind_of(config);
  auto found = speeds_.find(kind);
  if (found == speeds_.end()) found = speeds_.emplace(kind, measure(config)).first;
  const Speed& speed = found->second;
  const Amount amount = amount_of(config);
  const std::int64_t validations =
      (config.train.epochs + config.train.validate_every - 1) / config.train.validate_every;
  TrainingCost cost;
  cost.seconds =
      static_cast<double>(config.train.epochs * amount.steps_per_epoch) * speed.step_seconds +
      static_cast<double>(validations * amount.validation_pictures + amount.test_pictures) * speed.picture_seconds;
  cost.kept_bytes = 2 * speed.model_bytes;
  // An old file stays until the new one is complete.
  const std::int64_t state_bytes = speed.model_bytes + speed.moment_bytes;
  cost.passing_bytes = 2 * state_bytes;
  return cost;
}

std::int64_t bytes_in(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::int64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    const auto size = entry->is_regular_file(ignored) ? entry->file_size(ignored) : 0;
    if (!ignored) bytes += static_cast<std::int64_t>(size);
  }
  return bytes;
}

void require_free_bytes(const std::filesystem::path& folder, std::int64_t bytes) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (error || space.available >= static_cast<std::uintmax_t>(std::max<std::int64_t>(0, bytes))) return;
  throw Error(ErrorKind::failure, text(folder.string(), " needs about ", human_bytes(bytes), " and its disk has ",
                                       human_bytes(static_cast<std::int64_t>(space.available)),
                                       " left: free some, choose another --out, or fewer --rows or --seeds"));
}

}  // namespace throng
