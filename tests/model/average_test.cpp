#include "model/average.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "expect_error.h"

namespace throng {
namespace {

ModelCard small_card() {
  ModelCard card;
  card.model.encoder = "resnet18";
  card.model.width = 0.04;
  return card;
}

SourceModel blank(const std::string& path, const ModelCard& card = small_card()) {
  return {path, "sum of " + path, {DensityNet(card.model), card}};
}

SourceModel seeded(const std::string& path, std::uint64_t seed) {
  SourceModel model = blank(path);
  initialise(model.loaded.net, seed);
  return model;
}

SourceModel filled(double value) {
  SourceModel model = blank("filled");
  for (const NamedTensor& named : model.loaded.net.tensors()) named.tensor->fill_(value);
  return model;
}

template <class... Model>
LoadedModel mean_of(Model... models) {
  ModelMean mean;
  (mean.add(std::move(models)), ...);
  return mean.take();
}

TEST(Average, IsTheMeanOfEveryTensor) {
  LoadedModel mean = mean_of(filled(1), filled(2), filled(6));
  bool has_statistics = false;
  for (const NamedTensor& named : mean.net.tensors()) {
    EXPECT_EQ(named.tensor->scalar_type(), at::kFloat) << named.name;
    EXPECT_NEAR(named.tensor->min().item<double>(), 3, 1e-6) << named.name;
    EXPECT_NEAR(named.tensor->max().item<double>(), 3, 1e-6) << named.name;
    has_statistics = has_statistics || !named.trained;
  }
  EXPECT_TRUE(has_statistics);
}

TEST(Average, GoesNumberByNumber) {
  LoadedModel mean = mean_of(seeded("a", 3), seeded("b", 4));
  SourceModel one = seeded("a", 3), other = seeded("b", 4);
  const std::vector<NamedTensor> a = one.loaded.net.tensors(), b = other.loaded.net.tensors();
  const std::vector<NamedTensor> found = mean.net.tensors();
  ASSERT_EQ(found.size(), a.size());
  bool differ = false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_TRUE(at::allclose(*found[i].tensor, (*a[i].tensor + *b[i].tensor) / 2, 1e-6, 1e-7)) << found[i].name;
    differ = differ || !at::equal(*a[i].tensor, *b[i].tensor);
  }
  EXPECT_TRUE(differ);
}

TEST(Average, OfAModelWithItselfIsThatModel) {
  LoadedModel mean = mean_of(seeded("a", 3), seeded("a", 3), seeded("a", 3));
  SourceModel model = seeded("a", 3);
  const std::vector<NamedTensor> found = mean.net.tensors(), expected = model.loaded.net.tensors();
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(at::equal(*found[i].tensor, *expected[i].tensor)) << found[i].name;
}

TEST(Average, SaysWhatItWasMadeOf) {
  ModelCard first = small_card(), second = small_card();
  first.name = "first";
  second.name = "second";
  first.provenance["step"] = 12;
  first.calibration = Calibration{.images = 1, .ranges = {}};
  first.intervals.emplace();
  first.familiarity.emplace();
  // What only says how training began.
  second.model.encoder_weights = "resnet18.pth";
  second.model.init = "kaiming";
  const ModelCard card = mean_of(blank("a", first), blank("b", second)).card;
  EXPECT_EQ(card.name, "mean of 2 models");
  EXPECT_FALSE(card.calibration || card.intervals || card.familiarity);
  const Json expected = Json::parse(R"({"averaged": [
      {"name": "first", "sha256": "sum of a", "provenance": {"step": 12}},
      {"name": "second", "sha256": "sum of b", "provenance": {}}]})");
  EXPECT_EQ(card.provenance, expected);
  EXPECT_EQ(card_from_text(card_to_text(card), "a card").provenance, expected);
}

TEST(Average, OfAveragesHasACardThatCanBeRead) {
  ModelCard card = small_card();
  for (int i = 0; i < 40; ++i) card = mean_of(blank("a", card), blank("b")).card;
  const Json made_of = card_from_text(card_to_text(card), "a card").provenance.at("averaged");
  EXPECT_EQ(made_of[0]["name"], "mean of 2 models");
  EXPECT_TRUE(made_of[1].contains("provenance"));
}

TEST(Average, SaysWhyItCannot) {
  expect_error(ErrorKind::usage, {"two models or more"}, [] { mean_of(blank("a")); });
  expect_error(ErrorKind::usage, {"two models or more"}, [] { mean_of(); });
  const auto refuses_third = [](const ModelCard& card, const std::string& why) {
    ModelMean mean;
    mean.add(blank("a.st"));
    mean.add(blank("b.st"));
    expect_error(ErrorKind::usage, {"c.st has another " + why + " than a.st", "leave it out"},
                 [&] { mean.add(blank("c.st", card)); });
    EXPECT_EQ(mean.take().card.name, "mean of 2 models");  // it is left out
  };
  ModelCard wider = small_card(), resized = small_card(), scaled = small_card(), brighter = small_card();
  ModelCard gated = small_card(), ungated = small_card();
  wider.model.width = 0.11;
  resized.model.resize = "half_pixel";  // the same tensors
  gated.model.gates[1].weighting = "hard";
  ungated.model.levels = {{{1, 2, 3}}};
  ungated.model.gates = {GateConfig{}};
  scaled.density_scale = 1;
  brighter.normalisation.mean = {0.5, 0.5, 0.5};
  refuses_third(wider, "architecture (model.width is 0.11, not 0.04)");
  refuses_third(resized, R"(architecture (model.resize is "half_pixel", not "align_corners"))");
  refuses_third(gated, R"(architecture (model.gates[1].weighting is "hard", not "pixel"))");
  refuses_third(ungated, "architecture (model.levels is [[[1,2,3]]], not [[[1,2],[1,3],[2,3]],[[1,2,3]]])");
  refuses_third(scaled, "scale of its densities (density_scale is 1.0, not 100.0)");
  refuses_third(brighter, "normalisation (normalisation.mean is [0.5,0.5,0.5], not [0.485,0.456,0.406])");
}

}  // namespace
}  // namespace throng
