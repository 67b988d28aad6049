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

NamedModel blank(const std::string& name, const ModelCard& card = small_card()) {
  return {name, {DensityNet(card.model), card}};
}

NamedModel seeded(const std::string& name, std::uint64_t seed) {
  NamedModel model = blank(name);
  initialise(model.loaded.net, seed);
  return model;
}

NamedModel filled(double value) {
  NamedModel model = blank("filled");
  for (const NamedTensor& named : model.loaded.net.tensors()) named.tensor->fill_(value);
  return model;
}

template <class... Model>
std::vector<NamedModel> listed(Model... models) {
  std::vector<NamedModel> list;
  (list.push_back(std::move(models)), ...);
  return list;
}

TEST(Average, IsTheMeanOfEveryTensor) {
  std::vector<NamedModel> models = listed(filled(1), filled(2), filled(6));
  LoadedModel mean = average(models);
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
  std::vector<NamedModel> models = listed(seeded("a", 3), seeded("b", 4));
  LoadedModel mean = average(models);
  const std::vector<NamedTensor> a = models[0].loaded.net.tensors(), b = models[1].loaded.net.tensors();
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
  std::vector<NamedModel> models = listed(seeded("a", 3), seeded("a", 3), seeded("a", 3));
  LoadedModel mean = average(models);
  const std::vector<NamedTensor> found = mean.net.tensors(), expected = models[0].loaded.net.tensors();
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(at::equal(*found[i].tensor, *expected[i].tensor)) << found[i].name;
}

TEST(Average, HasTheFirstOnesCardWithoutMeasurements) {
  ModelCard first = small_card(), second = small_card();
  first.name = "first";
  first.provenance["data"] = "crowds";
  first.calibration = Calibration{.images = 1, .ranges = {}};
  first.intervals.emplace();
  first.familiarity.emplace();
  // What only says how training began.
  second.model.encoder_weights = "resnet18.pth";
  second.model.init = "kaiming";
  std::vector<NamedModel> models = listed(blank("a", first), blank("b", second));
  const ModelCard card = average(models).card;
  EXPECT_EQ(card.name, "first");
  EXPECT_EQ(card.provenance["data"], "crowds");
  EXPECT_FALSE(card.calibration || card.intervals || card.familiarity);
  EXPECT_TRUE(models[0].loaded.card.calibration);
}

TEST(Average, SaysWhyItCannot) {
  std::vector<NamedModel> one = listed(blank("a"));
  expect_error(ErrorKind::usage, {"two models or more"}, [&] { average(one); });
  expect_error(ErrorKind::usage, {"two models or more"}, [&] { average({}); });
  const auto refuses_third = [](const ModelCard& card, const std::string& why) {
    std::vector<NamedModel> models = listed(blank("a.st"), blank("b.st"), blank("c.st", card));
    expect_error(ErrorKind::usage, {"c.st has " + why, "than a.st", "leave it out"}, [&] { average(models); });
  };
  ModelCard wider = small_card(), resized = small_card(), scaled = small_card(), brighter = small_card();
  wider.model.width = 0.11;
  resized.model.resize = "half_pixel";  // the same tensors
  scaled.density_scale = 1;
  brighter.normalisation.mean = {0.5, 0.5, 0.5};
  refuses_third(wider, "another architecture");
  refuses_third(resized, "another architecture");
  refuses_third(scaled, "another scale");
  refuses_third(brighter, "another normalisation");
}

}  // namespace
}  // namespace throng
