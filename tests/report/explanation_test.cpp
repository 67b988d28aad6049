#include "report/explanation.h"

#include <gmock/gmock.h>
#include <stdexcept>

#include <algorithm>
#include <string>
#include <vector>

#include "expect_error.h"
#include "image/draw.h"
#include "report/explain_colours.h"
#include "report/inspected.h"

namespace throng {
namespace {

using testing::ElementsAre;

std::vector<std::string> titles(const Explanation& explanation) {
  std::vector<std::string> titles;
  for (const ExplainedSection& section : explanation.sections) titles.push_back(section.title);
  return titles;
}

std::vector<std::string> ids(const ExplainedSection& section) {
  std::vector<std::string> ids;
  for (const ExplainedLayer& layer : section.layers) ids.push_back(layer.id);
  return ids;
}

const ExplainedLayer& layer(const Explanation& explanation, const std::string& id) {
  for (const ExplainedSection& section : explanation.sections) {
    const auto found = std::ranges::find(section.layers, id, &ExplainedLayer::id);
    if (found != section.layers.end()) return *found;
  }
  throw std::runtime_error("no layer " + id);
}

Colour colour_of(const Image& image, int x, int y) {
  const std::uint8_t* pixel = image.pixel(x, y);
  return {pixel[0], pixel[1], pixel[2]};
}

TEST(Explanation, ShowsEverythingThatThereIs) {
  const ManifestEntry truth = two_heads();
  const Explanation explanation = explain(inspected(), &truth);
  ASSERT_THAT(titles(explanation),
              ElementsAre("Result", "Experts", "Groups", "Weights of gate 1", "Weights of gate 2"));
  EXPECT_THAT(ids(explanation.sections[0]), ElementsAre("truth", "final", "attention", "best-expert"));
  EXPECT_THAT(ids(explanation.sections[1]), ElementsAre("expert1", "expert2", "expert3"));
  EXPECT_THAT(ids(explanation.sections[2]), ElementsAre("group12", "group13", "group23"));
  EXPECT_THAT(ids(explanation.sections[3]),
              ElementsAre("gate1-group12-expert1", "gate1-group12-expert2", "gate1-group13-expert1",
                          "gate1-group13-expert3", "gate1-group23-expert2", "gate1-group23-expert3"));
  EXPECT_THAT(ids(explanation.sections[4]),
              ElementsAre("gate2-final-group12", "gate2-final-group13", "gate2-final-group23"));
  EXPECT_EQ(explanation.counts.size(), 7U);
  EXPECT_EQ(explanation.counts.back().title, "Final map");
  EXPECT_DOUBLE_EQ(explanation.count(), 9.875);
  EXPECT_EQ(explanation.truth, 2.0);
}

TEST(Explanation, SaysWhatEachLayerIsAndHowMuch) {
  const ManifestEntry truth = two_heads();
  const Explanation explanation = explain(inspected(), &truth);
  EXPECT_EQ(layer(explanation, "truth").value, "2");
  EXPECT_EQ(layer(explanation, "final").value, "9.9 (+7.9)");
  EXPECT_EQ(layer(explanation, "expert2").title, "Expert 2");
  EXPECT_EQ(layer(explanation, "group13").title, "Group 1+3");
  EXPECT_EQ(layer(explanation, "attention").value, "mean 0.75");
  EXPECT_EQ(layer(explanation, "gate1-group13-expert3").title, "Group 1+3: expert 3");
  EXPECT_EQ(layer(explanation, "gate1-group13-expert3").value, "mean 0.85");
  EXPECT_EQ(layer(explanation, "gate2-final-group12").title, "Final: group 1+2");
  EXPECT_EQ(layer(explain(inspected()), "final").value, "9.9");
}

TEST(Explanation, NamesGroupsOfDeeperLevels) {
  Inspection inspection = inspected();
  inspection.maps[3] = inspection.maps[5];
  inspection.maps[4] = inspection.maps[5];
  inspection.maps[4].name = "level2_group12";
  inspection.maps[4].level = 2;
  inspection.maps[5] = inspection.maps[6];
  inspection.maps[5].level = 3;
  inspection.maps.pop_back();
  const Explanation explanation = explain(inspection);
  EXPECT_EQ(layer(explanation, "level2_group12").title, "Group 1+2 of level 2");
  EXPECT_EQ(explanation.sections[3].title, "Groups of level 2");
}

TEST(Explanation, AColumnIsAGroupAndASingleGroupARow) {
  const Explanation explanation = explain(inspected());
  EXPECT_EQ(layer(explanation, "gate1-group13-expert1").column, 1);
  EXPECT_EQ(layer(explanation, "gate1-group13-expert1").row, 0);
  EXPECT_EQ(layer(explanation, "gate1-group13-expert3").column, 1);
  EXPECT_EQ(layer(explanation, "gate1-group13-expert3").row, 1);
  EXPECT_EQ(layer(explanation, "gate2-final-group23").column, 2);
  EXPECT_EQ(layer(explanation, "gate2-final-group23").row, 0);
}

TEST(Explanation, HasNoEmptySections) {
  EXPECT_THAT(titles(explain(inspected_single_map())), ElementsAre("Result"));
  EXPECT_THAT(ids(explain(inspected_single_map()).sections[0]), ElementsAre("final"));
  Inspection average = inspected();
  average.gates.clear();
  average.attention.reset();
  EXPECT_THAT(titles(explain(average)), ElementsAre("Result", "Experts", "Groups"));
  const ManifestEntry truth = two_heads();
  const Explanation single = explain(inspected_single_map(), &truth);
  EXPECT_THAT(ids(single.sections[0]), ElementsAre("truth", "final"));
  EXPECT_FALSE(single.best);
}

TEST(Explanation, WeightsOfTheWholePictureAreOneNumber) {
  Inspection inspection = inspected();
  inspection.gates.resize(1);
  inspection.gates[0].weights = {{1, 1, {0.25F}}, {1, 1, {0.75F}}};
  const Explanation explanation = explain(inspection);
  EXPECT_EQ(layer(explanation, "gate1-group12-expert2").value, "0.75");
  const Image painted = paint_layer(explanation, layer(explanation, "gate1-group12-expert2"), 4, 3);
  EXPECT_EQ(colour_of(painted, 3, 2), weight_colour(0.75));
}

TEST(Explanation, WhereNobodyMarkedHeadsTheCountAloneIsTrue) {
  ManifestEntry entry = two_heads();
  entry.points.clear();
  entry.annotated = false;
  entry.count = 12;
  const Explanation explanation = explain(inspected(), &entry);
  EXPECT_EQ(explanation.truth, 12.0);
  EXPECT_THAT(ids(explanation.sections[0]), ElementsAre("final", "attention"));
  EXPECT_EQ(layer(explanation, "final").value, "9.9 (-2.1)");
  entry.count.reset();
  EXPECT_FALSE(explain(inspected(), &entry).truth);
}

TEST(Explanation, APictureWithoutPeopleHasNoBestExpert) {
  ManifestEntry entry = two_heads();
  entry.points.clear();
  const Explanation explanation = explain(inspected(), &entry);
  EXPECT_EQ(explanation.truth, 0.0);
  EXPECT_THAT(ids(explanation.sections[0]), ElementsAre("truth", "final", "attention"));
}

TEST(Explanation, RefusesTheAnnotationOfAnotherSize) {
  ManifestEntry entry = two_heads();
  entry.width = 33;
  expect_error(ErrorKind::input, {"crowd.jpg", "33 x 24", "32 x 24"}, [&] { explain(inspected(), &entry); });
}

TEST(Explanation, AllDensitiesHaveOneScale) {
  Inspection inspection = inspected();
  for (InspectedMap& map : inspection.maps) map.map.values.assign(48, 0);
  inspection.maps[0].map.values.assign(48, 1.5F);   // 10,000 pixels of 16 a cell: 937.5 people
  inspection.maps[1].map.values.assign(48, 0.15F);  // 93.75
  const Explanation explanation = explain(inspection);
  EXPECT_EQ(explanation.scale.top, 1000);
  EXPECT_DOUBLE_EQ(explanation.factor, 625);
  const auto middle = [&](const std::string& id) {
    return colour_of(paint_layer(explanation, layer(explanation, id), 8, 6), 4, 3);
  };
  EXPECT_EQ(middle("expert1"), density_colour(0.9375));
  EXPECT_EQ(middle("expert2"), density_colour(0.09375));
  EXPECT_EQ(middle("expert3"), density_colour(0));
}

TEST(Explanation, WeightsLieAsTheNetworkUsesThem) {
  const Explanation explanation = explain(inspected());
  const ExplainedLayer& weights = layer(explanation, "gate1-group23-expert2");
  EXPECT_EQ(natural_size(explanation, weights).width, 2);
  EXPECT_EQ(natural_size(explanation, weights).height, 1);
  const Image painted = paint_layer(explanation, weights, 10, 4);
  EXPECT_EQ(colour_of(painted, 4, 3), weight_colour(0.375));
  EXPECT_EQ(colour_of(painted, 5, 0), weight_colour(1));
}

TEST(Explanation, TheBestExpertHasItsColour) {
  const ManifestEntry truth = two_heads();
  const Explanation explanation = explain(inspected(), &truth);
  ASSERT_TRUE(explanation.best);
  EXPECT_THAT(explanation.experts, ElementsAre("Expert 1", "Expert 2", "Expert 3"));
  const Image painted = paint_layer(explanation, layer(explanation, "best-expert"), 8, 6);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 8; ++x) {
      const int best = explanation.best->best[static_cast<std::size_t>(8 * y + x)];
      const Colour expected = best < 0 ? kNoCrowdColour : expert_colour(static_cast<std::size_t>(best));
      EXPECT_EQ(colour_of(painted, x, y), expected) << x << ", " << y;
    }
  }
}

TEST(Explanation, OfASmallPictureWhatLiesOverItIsShown) {
  // Networks fill 8 x 4 pixels up to 16 x 16, so that a quarter of 4 x 4 cells' rows and half of their columns count.
  Inspection inspection = inspected_single_map();
  inspection.width = 8;
  inspection.height = 4;
  inspection.maps[0].map = {4, 4, std::vector<float>(16)};
  inspection.maps[0].map.values[1] = 1;
  const Explanation explanation = explain(inspection);
  const ExplainedLayer& map = explanation.sections[0].layers[0];
  EXPECT_EQ(natural_size(explanation, map).width, 2);
  EXPECT_EQ(natural_size(explanation, map).height, 1);
  const Image painted = paint_layer(explanation, map, 2, 1);
  EXPECT_EQ(colour_of(painted, 0, 0), density_colour(0));
  EXPECT_EQ(colour_of(painted, 1, 0), density_colour(explanation.factor / explanation.scale.top));
}

TEST(ExplainColours, WeightsGetLighter) {
  const auto lightness = [](Colour colour) { return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]; };
  for (int i = 0; i < 100; ++i)
    EXPECT_LT(lightness(weight_colour(i / 100.0)), lightness(weight_colour((i + 1) / 100.0))) << i;
  EXPECT_EQ(weight_colour(-1), weight_colour(0));
  EXPECT_EQ(weight_colour(7), weight_colour(1));
}

}  // namespace
}  // namespace throng
