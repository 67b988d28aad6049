#include <ATen/core/Tensor.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "model/decoder.h"
#include "model/encoder.h"
#include "model/features.h"
#include "model/level.h"
#include "model/networks/network.h"
#include "model/resize.h"
#include "model/trunk.h"
#include "throng/error.h"

namespace throng {

namespace {

// The features that a gate may look at: EB1, EB2, EB3 of the encoder, then DB1, DB2, ... of the decoder.
constexpr std::size_t kEncoderTaps = 3;

std::size_t tap_index(const std::string& name, std::size_t decoder_blocks) {
  const auto number = static_cast<std::size_t>(name.back() - '1');
  if (name.starts_with("EB")) return number;
  if (number < decoder_blocks) return kEncoderTaps + number;
  throw Error(ErrorKind::usage, text("model.gates: the input ", name, " is not there, the decoder has ", decoder_blocks,
                                     " blocks: set model.decoder.block", number + 1));
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
  if (config.local_head && mixes_features(parse_weighting(config.gates.front().weighting))) {
    throw Error(ErrorKind::usage,
                "model.local_head stands beside density heads, and a first level that mixes features has none");
  }
}

// The paper's network: encoder, decoder, K experts, one gate a level, attention, hierarchy (Figure 2), and every
// variant of Tables IV to VIII.
class Hmode final : public Network {
 public:
  explicit Hmode(const ModelConfig& config)
      : config_(config),
        encoder_(make_encoder(config)),
        decoder_(config, encoder_->channels()),
        resize_(parse_resize_mode(config.resize)),
        hierarchy_(static_cast<std::int64_t>(decoder_.channels().size()), config.levels) {
    check_gates(config);
    const std::vector<std::int64_t> decoded = decoder_.channels();
    features_first_ = mixes_features(parse_weighting(config.gates.front().weighting));
    if (features_first_) {
      make_projections(decoded);
    } else {
      make_heads(decoded);
    }
    make_levels(decoded);
    bool attended = false;
    for (std::size_t i = 0; i < levels_.size(); ++i) attended |= levels_[i].has_gate() && config.gates[i].attention;
    if (attended) {
      attention_ = Trunk(config.attention, config.attention_block, encoder_->channels()[2], 1, config.width,
                         Activation::none, "model.attention");
    }
  }

  NetworkMaps maps(const at::Tensor& image) const override {
    const EncoderTaps encoded = encoder_->forward(image);
    const std::vector<at::Tensor> decoded = decoder_.forward(encoded);
    std::vector<at::Tensor> taps = {encoded.quarter, encoded.eighth, encoded.sixteenth};
    taps.insert(taps.end(), decoded.begin(), decoded.end());

    NetworkMaps maps{.experts = decoded};
    for (std::size_t k = 0; k < heads_.size(); ++k) maps.experts[k] = heads_[k].forward(decoded[k]);
    for (std::size_t k = 0; k < local_heads_.size(); ++k) maps.locals.push_back(local_heads_[k].forward(decoded[k]));
    for (std::size_t k = 0; k < projections_.size(); ++k) maps.experts[k] = projections_[k].forward(decoded[k]);
    if (!attention_.empty()) maps.attention = throng::sigmoid(attention_.forward(encoded.sixteenth));
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      at::Tensor& logits = maps.logits.emplace_back();
      if (!levels_[i].has_gate()) continue;
      const at::Tensor& feature = taps[gate_taps_[i]];
      logits = levels_[i].gate().logits(config_.gates[i].attention ? weigh_pixels(feature, maps.attention) : feature);
    }
    return maps;
  }

  Prediction mix(const NetworkMaps& maps) const override {
    Prediction prediction;
    std::vector<Candidate> candidates = experts(maps);
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      if (candidates[k].density.defined())
        prediction.outputs.push_back({text("expert", k + 1), 0, candidates[k].density, candidates[k].local});
    }
    prediction.attention = maps.attention;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const Level& level = levels_[i];
      at::Tensor weights;
      if (level.has_gate()) weights = level.gate().weights(maps.logits[i]);
      candidates = level.mix(candidates, weights);
      prediction.gate_weights.push_back(weights);
      add_outputs(prediction, level, static_cast<int>(i) + 1, candidates);
    }
    return prediction;
  }

  void visit(const BlockVisitor& visit) override {
    encoder_->visit([&](const std::string& name, ConvBlock& block) { visit("encoder." + name, block); });
    decoder_.visit(visit);
    for (std::size_t k = 0; k < heads_.size(); ++k) heads_[k].visit(text("head", k + 1), visit);
    for (std::size_t k = 0; k < local_heads_.size(); ++k) local_heads_[k].visit(text("local", k + 1), visit);
    visit_chain(projections_, "projection", visit);
    attention_.visit("attention", visit);
    for (Level& level : levels_) level.visit_gate(visit);
    for (Level& level : levels_) level.visit_heads(visit);
  }

  const Hierarchy& hierarchy() const override { return hierarchy_; }

 private:
  void make_heads(const std::vector<std::int64_t>& decoded) {
    const auto head = [&](std::int64_t in) {
      return Trunk({{1, config_.decoder.head}}, "conv", in, 1, config_.width, Activation::relu, "model.decoder.head");
    };
    for (const std::int64_t channels : decoded) {
      heads_.push_back(head(channels));
      if (config_.local_head) local_heads_.push_back(head(channels));
    }
  }

  // Features that are mixed channel by channel need as many channels each: those of the finest.
  void make_projections(const std::vector<std::int64_t>& decoded) {
    if (parse_weighting(config_.gates.front().weighting) != Weighting::channel) return;
    for (const std::int64_t channels : decoded) {
      projections_.emplace_back(ConvSpec{.in = channels, .out = decoded.front(), .kernel = 1});
    }
  }

  void make_levels(const std::vector<std::int64_t>& decoded) {
    const auto encoder = encoder_->channels();
    std::vector<std::int64_t> tap_channels(encoder.begin(), encoder.end());
    tap_channels.insert(tap_channels.end(), decoded.begin(), decoded.end());
    LevelInputs inputs;
    inputs.head = config_.decoder.head;
    if (features_first_) {
      inputs.feature_channels = decoded;
      if (!projections_.empty()) inputs.feature_channels.assign(decoded.size(), decoded.front());
    }
    for (std::size_t i = 0; i < config_.gates.size(); ++i) {
      gate_taps_.push_back(tap_index(config_.gates[i].input, decoded.size()));
      inputs.gate_channels = tap_channels[gate_taps_.back()];
      levels_.emplace_back(i + 1, config_.gates[i], hierarchy_.levels()[i], hierarchy_.logits(i), inputs,
                           config_.width);
      inputs.feature_channels = levels_.back().feature_channels();
    }
  }

  // The experts on the grid of the finest.
  std::vector<Candidate> experts(const NetworkMaps& maps) const {
    const std::int64_t height = maps.experts.front().size(2), width = maps.experts.front().size(3);
    std::vector<Candidate> candidates(maps.experts.size());
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      if (features_first_) {
        candidates[k].features = resize_bilinear(maps.experts[k], height, width, resize_);
        continue;
      }
      candidates[k].density = resize_nearest(maps.experts[k], height, width);
      if (!maps.locals.empty()) candidates[k].local = resize_nearest(maps.locals[k], height, width);
    }
    return candidates;
  }

  static void add_outputs(Prediction& prediction, const Level& level, int number,
                          const std::vector<Candidate>& candidates) {
    std::vector<DensityOutput>& outputs = prediction.outputs;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const std::string& name = level.groups()[i].name;
      if (!level.passes_through(i)) {
        outputs.push_back({name, number, candidates[i].density, candidates[i].local});
      } else if (name == "final") {
        // The map before it under another name: it enters the loss once, and comes last.
        const auto same = std::find_if(outputs.begin(), outputs.end(), [&](const DensityOutput& output) {
          return output.map.is_same(candidates[i].density);
        });
        std::rotate(same, same + 1, outputs.end());
        outputs.back().name = name;
      }
    }
  }

  ModelConfig config_;
  std::unique_ptr<Encoder> encoder_;
  Decoder decoder_;
  ResizeMode resize_;
  Hierarchy hierarchy_;
  bool features_first_ = false;
  std::vector<Trunk> heads_, local_heads_;  // one per expert where the first level mixes densities
  std::vector<ConvBlock> projections_;      // one per expert for channel gating
  Trunk attention_;                         // empty when no gate uses it
  std::vector<Level> levels_;
  std::vector<std::size_t> gate_taps_;
};

}  // namespace

std::unique_ptr<Network> make_hmode(const ModelConfig& config) { return std::make_unique<Hmode>(config); }

}  // namespace throng
