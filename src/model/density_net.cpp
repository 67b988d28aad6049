#include "model/density_net.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/draw.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

// Experts come from the decoder's blocks, finest first.
constexpr std::int64_t kExperts = 3;

// The features that a gate may look at, in the order of EncoderTaps and DecoderTaps.
constexpr const char* kTapNames[] = {"EB1", "EB2", "EB3", "DB1", "DB2", "DB3"};

std::size_t tap_index(const std::string& name) {
  return static_cast<std::size_t>(std::find(std::begin(kTapNames), std::end(kTapNames), name) - std::begin(kTapNames));
}

void check_gates(const ModelConfig& config) {
  if (config.gates.size() != config.levels.size()) {
    throw Error(ErrorKind::usage, text("model.gates has ", config.gates.size(), " entries, model.levels ",
                                       config.levels.size(), ": give one gate per level"));
  }
  for (const GateConfig& gate : config.gates) {
    if (gate.attention && gate.input != "EB3") {
      throw Error(ErrorKind::usage, text("model.gates: attention works on EB3, not on ", gate.input));
    }
  }
}

}  // namespace

std::int64_t scaled_channels(std::int64_t channels, double width) {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(channels) * width));
}

DensityNet::DensityNet(const ModelConfig& config)
    : config_(config),
      encoder_(make_encoder(config)),
      decoder_(config, encoder_->channels()),
      hierarchy_(kExperts, config.levels) {
  check_gates(config);
  const auto encoder = encoder_->channels();
  const auto decoder = decoder_.channels();
  const std::array<std::int64_t, 6> tap_channels = {encoder[0], encoder[1], encoder[2],
                                                    decoder[0], decoder[1], decoder[2]};

  for (std::int64_t k = 0; k < kExperts; ++k) {
    heads_.push_back(
        make_trunk({{1, config.decoder.head}}, decoder[k], 1, config.width, Activation::relu, "model.decoder.head"));
  }
  bool attended = false;
  for (std::size_t level = 0; level < config.gates.size(); ++level) {
    const GateConfig& gate = config.gates[level];
    if (hierarchy_.logits(level) == 0 || gate.weighting == "average") {
      gates_.emplace_back();
      continue;
    }
    gates_.emplace_back(Gate(gate, tap_channels[tap_index(gate.input)], hierarchy_.logits(level), config.width));
    attended = attended || gate.attention;
  }
  if (attended)
    attention_ = make_trunk(config.attention, encoder[2], 1, config.width, Activation::none, "model.attention");
}

Prediction DensityNet::forward(const at::Tensor& image) const {
  const EncoderTaps encoded = encoder_->forward(image);
  const DecoderTaps decoded = decoder_.forward(encoded);
  const std::array<at::Tensor, 6> taps = {encoded.quarter, encoded.eighth, encoded.sixteenth,
                                          decoded.quarter, decoded.eighth, decoded.sixteenth};
  const std::int64_t height = decoded.quarter.size(2), width = decoded.quarter.size(3);

  Prediction prediction;
  std::vector<at::Tensor> maps;
  for (std::int64_t k = 0; k < kExperts; ++k) {
    maps.push_back(resize_nearest(run_chain(heads_[k], taps[3 + k]), height, width));
    prediction.outputs.push_back({text("expert", k + 1), 0, maps.back()});
  }
  if (!attention_.empty()) prediction.attention = at::sigmoid(run_chain(attention_, encoded.sixteenth));

  for (std::size_t level = 0; level < hierarchy_.levels().size(); ++level) {
    const std::vector<Group>& groups = hierarchy_.levels()[level];
    at::Tensor weights;
    if (gates_[level]) {
      const GateConfig& gate = config_.gates[level];
      at::Tensor feature = taps[tap_index(gate.input)];
      if (gate.attention) feature = feature * prediction.attention;
      weights = normalise_per_group(gates_[level]->forward(feature), groups);
    } else if (hierarchy_.logits(level) > 0) {
      weights = equal_weights(groups, image.options());
    }
    prediction.gate_weights.push_back(gates_[level] ? weights : at::Tensor());
    if (weights.defined()) weights = resize_nearest(weights, height, width);

    std::vector<at::Tensor> mixed;
    for (const Group& group : groups) {
      mixed.push_back(mix_group(group, maps, weights));
      // A group of one is the map before it under another name: it enters the loss once.
      if (group.first_logit < 0 && group.name != "final") continue;
      prediction.outputs.push_back({group.name, static_cast<int>(level) + 1, mixed.back()});
    }
    maps = std::move(mixed);
  }
  return prediction;
}

void DensityNet::visit(const BlockVisitor& visit) {
  encoder_->visit([&](const std::string& name, ConvBlock& block) { visit("encoder." + name, block); });
  decoder_.visit(visit);
  for (std::size_t k = 0; k < heads_.size(); ++k) visit_chain(heads_[k], text("head", k + 1), visit);
  visit_chain(attention_, "attention", visit);
  for (std::size_t level = 0; level < gates_.size(); ++level) {
    if (gates_[level]) gates_[level]->visit(text("gate", level + 1), visit);
  }
}

std::vector<NamedTensor> DensityNet::tensors() {
  std::vector<NamedTensor> all;
  visit([&](const std::string& name, ConvBlock& block) {
    for (NamedTensor& tensor : block_tensors(name, block)) all.push_back(std::move(tensor));
  });
  return all;
}

void DensityNet::to(const at::Device& device) {
  for (const NamedTensor& named : tensors()) *named.tensor = named.tensor->to(device);
}

void DensityNet::train(bool on, bool freeze_encoder_norm) {
  visit([&](const std::string& name, ConvBlock& block) {
    block.use_batch_statistics(on && !(freeze_encoder_norm && name.starts_with("encoder.")));
  });
}

}  // namespace throng
