#include "model/widen.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <string>
#include <vector>

#include "expect_error.h"

namespace throng {
namespace {

ModelConfig narrow_config() {
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.04;
  config.init = "kaiming";
  return config;
}

ModelConfig wide_config() {
  ModelConfig config = narrow_config();
  config.width = 0.11;
  return config;
}

DensityNet started(const ModelConfig& config) {
  DensityNet net(config);
  initialise(net, 3);
  return net;
}

// Of the encoder: what a normalisation layer does is not what a new one does.
void run_in(DensityNet& net) {
  for (const NamedTensor& named : net.tensors()) {
    if (is_norm(named.name)) named.tensor->uniform_(0.5, 1.5);
  }
}

// A block's weights of a network that is widened with this seed.
at::Tensor widened_weights(const std::string& block, std::uint64_t seed) {
  DensityNet from = started(narrow_config()), to = started(wide_config());
  widen(from, to, seed);
  at::Tensor weights;
  to.visit([&](const std::string& name, ConvBlock& of) {
    if (name == block) weights = of.weight.clone();
  });
  return weights;
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

TEST(Widen, ChangesNoMap) {
  const at::NoGradGuard no_gradients;
  ModelConfig narrow = narrow_config(), wide = wide_config();
  narrow.decoder.block4 = {32};
  wide.decoder.block4 = {48};
  narrow.levels = wide.levels = {{{1, 2, 3}, {2, 3, 4}}, {{1, 2}}};
  narrow.gates[0].block = wide.gates[0].block = "residual";
  narrow.gates[0].input = wide.gates[0].input = "DB3";
  narrow.attention_block = wide.attention_block = "multi_scale";
  // Channels of a residual unit are those that it adds to: as many as before.
  narrow.gates[0].trunk = {{3, 300}};
  wide.gates[0].trunk = {{3, 300}};
  DensityNet from = started(narrow), to = started(wide);
  run_in(from);
  from.train(false);
  to.train(false);
  widen(from, to, 1);
  EXPECT_GT(to.parameters(), from.parameters());
  const at::Tensor image = at::rand({1, 3, 64, 80});
  const Prediction expected = from.forward(image), found = to.forward(image);
  ASSERT_EQ(found.outputs.size(), expected.outputs.size());
  for (std::size_t i = 0; i < expected.outputs.size(); ++i) {
    EXPECT_GT(expected.outputs[i].map.abs().max().item<double>(), 0) << expected.outputs[i].name;
    EXPECT_LT(largest_difference(found.outputs[i].map, expected.outputs[i].map), 1e-5) << expected.outputs[i].name;
  }
  EXPECT_LT(largest_difference(found.attention, expected.attention), 1e-5);
  widen(from, to, 2);
  const Prediction otherwise = to.forward(image);
  EXPECT_LT(largest_difference(otherwise.outputs.back().map, expected.outputs.back().map), 1e-5);
}

TEST(Widen, TakesSharesByTheSeed) {
  const at::NoGradGuard no_gradients;
  const at::Tensor first = widened_weights("head1.1", 1);
  ASSERT_TRUE(first.defined());
  EXPECT_TRUE(at::equal(widened_weights("head1.1", 1), first));
  EXPECT_FALSE(at::equal(widened_weights("head1.1", 2), first));
}

TEST(Widen, GivesAModelThatSaysWhatItWasMadeOf) {
  ModelCard card;
  card.name = "narrow";
  card.model = narrow_config();
  card.density_scale = 7;
  card.provenance["step"] = 12;
  card.intervals.emplace();
  const SourceModel narrow{"narrow.st", "its sum", {started(card.model), card}};
  const LoadedModel wide = widened(narrow, wide_config(), "wide", 3);
  EXPECT_EQ(wide.card.name, "wide");
  EXPECT_EQ(wide.card.model.width, 0.11);
  EXPECT_EQ(wide.card.density_scale, 7);
  EXPECT_FALSE(wide.card.intervals);
  const Json expected = Json::parse(R"({"widened": {"name": "narrow", "sha256": "its sum", "provenance": {"step": 12}},
                                        "widening_seed": 3})");
  EXPECT_EQ(wide.card.provenance, expected);
  EXPECT_EQ(card_from_text(card_to_text(wide.card), "a card").provenance, expected);
}

// What reads them takes other shares, or they would stay the same for ever.
TEST(Widen, CopiesOfAChannelAreReadDifferently) {
  const at::NoGradGuard no_gradients;
  ModelConfig narrow = narrow_config(), wide = narrow_config();
  narrow.decoder.head = 25;  // one channel
  wide.decoder.head = 75;    // three
  DensityNet from = started(narrow), to = started(wide);
  widen(from, to, 1);
  at::Tensor one, three;
  from.visit([&](const std::string& name, ConvBlock& block) {
    if (name == "head1.1") one = block.weight.flatten();
  });
  to.visit([&](const std::string& name, ConvBlock& block) {
    if (name == "head1.1") three = block.weight.flatten();
  });
  ASSERT_EQ(one.numel(), 1);
  ASSERT_EQ(three.numel(), 3);
  EXPECT_NEAR(three.sum().item<double>(), one.item<double>(), 1e-6);
  EXPECT_NE(three[0].item<float>(), three[1].item<float>());
  EXPECT_NE(three[1].item<float>(), three[2].item<float>());
}

TEST(Widen, SaysWhyItCannot) {
  const auto refuses = [](const ModelConfig& narrow, const ModelConfig& wide, const std::vector<std::string>& words) {
    DensityNet from(narrow), to(wide);
    expect_error(ErrorKind::usage, words, [&] { widen(from, to, 1); });
  };
  refuses(wide_config(), narrow_config(), {"decoder.block3.0 has fewer channels", "to 41 instead of", "to 113"});
  ModelConfig deeper = wide_config(), larger = wide_config();
  deeper.gates[0].trunk = {{3, 256}, {3, 256}};
  larger.gates[0].trunk = {{5, 256}};
  refuses(narrow_config(), deeper, {"different layers", "as many entries"});
  refuses(narrow_config(), larger, {"gate1", "is another convolution (kernel 5 instead of 3)"});
  ModelConfig other = wide_config(), resized = wide_config(), harder = wide_config(), regrouped = wide_config();
  other.encoder = "resnet50";
  resized.resize = "half_pixel";
  harder.gates[1].weighting = "hard";
  regrouped.levels = {{{1, 2}, {1, 2}, {2, 3}}, {{1, 2, 3}}};
  const std::string in_the_other = " in the configuration to widen it to: make it the same there";
  refuses(narrow_config(), other,
          {R"(model.encoder is "resnet18" in the smaller model and "resnet50")" + in_the_other});
  refuses(narrow_config(), resized, {R"(model.resize is "align_corners")", R"("half_pixel")" + in_the_other});
  refuses(narrow_config(), harder, {R"(model.gates[1].weighting is "pixel")", R"("hard")" + in_the_other});
  refuses(narrow_config(), regrouped, {"model.levels is [[[1,2],[1,3]", "[[[1,2],[1,2]"});
  ModelConfig mixing = narrow_config(), wider = wide_config();
  mixing.gates[0].weighting = wider.gates[0].weighting = "concat";
  refuses(mixing, wider, {"mixed features"});
}

}  // namespace
}  // namespace throng
