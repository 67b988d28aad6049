#include "train/starting_model.h"

#include "core/device.h"
#include "core/text.h"
#include "infer/available_memory.h"
#include "infer/device.h"
#include "model/encoder_weights.h"
#include "train/memory.h"

namespace throng {

namespace {

LoadedModel fresh_model(const ExperimentConfig& config) {
  check_network_memory(config.model, config.train, torch_device(parse_device(config.train.device)), available_memory());
  DensityNet net(config.model);
  initialise(net, static_cast<std::uint64_t>(config.train.seed));
  ModelCard card;
  card.model = config.model;
  return {std::move(net), std::move(card)};
}

}  // namespace

LoadedModel starting_model(ExperimentConfig& config, const Reporter& reporter) {
  if (!config.train.init.empty()) {
    LoadedModel start = load_model(config.train.init);
    config.model = start.card.model;
    reporter.note(text("starting from ", config.train.init, "; its architecture is used"));
    start.card.provenance = Json::object();
    if (start.card.forget_measurements()) {
      reporter.note(
          "what was measured of its weights (int8 ranges, intervals) does not hold for the new ones and is "
          "left out: throng model quantize and throng model calibrate measure it anew");
    }
    return start;
  }
  if (config.model.encoder_weights.empty()) return fresh_model(config);
  const EncoderWeights weights = read_encoder_weights(config.model);
  LoadedModel start = fresh_model(config);
  const EncoderShare share = copy_encoder_weights(weights, start.net);
  if (weights.partial) {
    reporter.note(text(share.copied, " of the encoder's ", share.all, " convolutions come from ", weights.path,
                       ", the others start from scratch"));
  }
  return start;
}

LoadedModel continued_model(ExperimentConfig& config, const Checkpoint& checkpoint, const RunFolder& folder,
                            const Reporter& reporter) {
  // Checkpoints of older programs do not say what is trained, but the model beside them does.
  if (!checkpoint.card && !std::filesystem::exists(folder.last())) return starting_model(config, reporter);
  ModelCard card = checkpoint.card ? *checkpoint.card : read_card(folder.last());
  if (!config.train.init.empty()) {
    config.model = card.model;
  } else if (!config.model.encoder_weights.empty()) {
    take_weight_traits(card.model, config.model);
  }
  card.model = config.model;
  card.provenance = Json::object();
  card.forget_measurements();
  return {DensityNet(config.model), std::move(card)};
}

}  // namespace throng
