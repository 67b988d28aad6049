#include "infer/row_engine.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "infer/expect_near.h"
#include "infer/predict.h"
#include "infer/prepare.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

/// A variant of the network, by what is changed in the usual one.
struct Variant {
  const char* name;
  void (*change)(ModelConfig& config);
};

std::ostream& operator<<(std::ostream& out, const Variant& variant) { return out << variant.name; }

const Variant kVariants[] = {
    {"half_pixel",
     [](ModelConfig& config) {
       config.encoder = "vgg16_bn";
       config.resize = "half_pixel";
     }},
    {"align_corners",
     [](ModelConfig& config) {
       config.encoder = "vgg16_bn";
       config.resize = "align_corners";
     }},
    {"resnet50", [](ModelConfig& config) { config.encoder = "resnet50"; }},
    {"five_experts",
     [](ModelConfig& config) {
       config.decoder.block4 = {256, 128};
       config.decoder.block5 = {128};
       config.levels = {{{1, 2, 3}, {3, 4, 5}}, {{1, 2}}};
     }},
    {"local_head", [](ModelConfig& config) { config.local_head = true; }},
    {"residual_gate", [](ModelConfig& config) { config.gates.front().block = "residual"; }},
    {"multi_scale_gate", [](ModelConfig& config) { config.gates.front().block = "multi_scale"; }},
    {"gate_at_the_quarter", [](ModelConfig& config) { config.gates.front().input = "DB1"; }},
    {"image_weights",
     [](ModelConfig& config) {
       for (GateConfig& gate : config.gates) gate.weighting = "image";
     }},
    {"concat",
     [](ModelConfig& config) {
       config.levels = {{{1, 2, 3}}};
       config.gates.resize(1);
       config.gates.front().weighting = "concat";
     }},
    {"concat_read_by_a_gate",
     [](ModelConfig& config) {
       config.gates[0].weighting = "concat";
       config.gates[1].input = "DB1";
       config.gates[1].attention = false;
     }},
    {"channel",
     [](ModelConfig& config) {
       config.levels = {{{1, 2, 3}}};
       config.gates.resize(1);
       config.gates.front().weighting = "channel";
     }},
    {"csrnet", [](ModelConfig& config) { config.network = "csrnet"; }},
    {"dm_count", [](ModelConfig& config) { config.network = "dm_count"; }},
};

LoadedModel model_of(const Variant& variant) {
  ModelCard card;
  card.model.encoder = "resnet18";  // the quickest
  card.model.width = 0.05;
  card.model.init = "kaiming";
  variant.change(card.model);
  DensityNet net(card.model);
  initialise(net, 3);
  net.train(false);
  // So that no expert is zero everywhere behind its last ReLU, and no logit so large that its rounding decides.
  net.visit([](const std::string& name, ConvBlock& block) {
    if (gives_density(name, block)) block.bias.fill_(1.0);
    if (name.starts_with("gate")) block.weight *= 0.3;
  });
  return {std::move(net), std::move(card)};
}

void expect_same(const Prediction& actual, const Prediction& expected) {
  ASSERT_EQ(actual.outputs.size(), expected.outputs.size());
  for (std::size_t i = 0; i < actual.outputs.size(); ++i) {
    expect_near(actual.outputs[i].map, expected.outputs[i].map, actual.outputs[i].name);
    expect_near(actual.outputs[i].local, expected.outputs[i].local, "local " + actual.outputs[i].name);
  }
  expect_near(actual.attention, expected.attention, "attention");
  for (std::size_t i = 0; i < actual.gate_weights.size(); ++i)
    expect_near(actual.gate_weights[i], expected.gate_weights[i], "gate " + std::to_string(i + 1));
}

class RowEngineTest : public testing::TestWithParam<Variant> {};
INSTANTIATE_TEST_SUITE_P(Networks, RowEngineTest, testing::ValuesIn(kVariants));

// Every map of every network, whatever the pieces: four rows at a time, some, or all at once. The expected ones are
// computed by the network itself with PyTorch's operators on the whole image.
TEST_P(RowEngineTest, GivesTheMapsOfTheWholeImage) {
  const at::NoGradGuard no_gradients;
  const LoadedModel exact = model_of(GetParam());
  const PreparedNet net = prepare(model_of(GetParam()).net, Precision::fp32);
  for (const auto& [width, height] : {std::pair{131, 97}, std::pair{16, 250}, std::pair{203, 33}, std::pair{64, 128}}) {
    const at::Tensor image = image_tensor(noisy_picture(width, height), exact.card.normalisation);
    const Prediction expected = exact.net.forward(image);
    for (const std::int64_t pixels : {1, 300, 1 << 30}) {
      SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height) + ", pieces of " + std::to_string(pixels));
      expect_same(net.forward(image, {.pixels = pixels}), expected);
    }
  }
}

TEST(RowEngine, TakesPicturesAsTheyAre) {
  const LoadedModel exact = tiny_model();
  const PreparedNet net = prepare(tiny_model().net, Precision::fp32);
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{5, 40}, std::pair{40, 5}, std::pair{31, 47}}) {
    SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height));
    const Image picture = noisy_picture(width, height);
    const at::Tensor tensor = image_tensor(picture, exact.card.normalisation);
    EXPECT_TRUE(at::equal(net.forward(picture, exact.card.normalisation).final_map(), net.forward(tensor).final_map()));
  }
}

TEST(RowEngine, ProfileNamesEveryLayer) {
  const PreparedNet net = prepare(tiny_model().net, Precision::fp32);
  Profile profile;
  net.forward(noisy_picture(64, 48), Normalisation{}, {}, &profile);
  double stem = 0;
  for (const LayerTime& layer : profile) {
    EXPECT_GE(layer.seconds, 0) << layer.name;
    if (layer.name == "encoder.stem") stem = layer.gflop;
  }
  // 7 x 7 pixels of 3 channels, 64 results at half the side.
  EXPECT_NEAR(stem, 2e-9 * 7 * 7 * 3 * 64 * 32 * 24, 1e-12);
  EXPECT_EQ(profile.front().name, "image");
  EXPECT_EQ(profile.back().name, "mixing");
}

}  // namespace

}  // namespace throng
