#include "report/explain_sheet.h"

#include <gtest/gtest.h>
#include <span>
#include <utility>

#include <algorithm>
#include <string>

#include "expect_error.h"
#include "image/draw.h"
#include "image/resize.h"
#include "report/inspected.h"
#include "report/shown_words.h"

namespace throng {
namespace {

constexpr Colour kInk = {240, 242, 246};
constexpr Colour kSoftInk = {160, 167, 180};
constexpr Colour kAccent = {110, 190, 255};

/// How often the part is found in the picture.
int occurrences(const Image& image, const Image& part) {
  const auto row = [](const Image& picture, int x, int y, int width) {
    return std::span(picture.pixel(x, y), 3 * static_cast<std::size_t>(width));
  };
  int found = 0;
  for (int top = 0; top + part.height <= image.height; ++top) {
    for (int left = 0; left + part.width <= image.width; ++left) {
      bool same = true;
      for (int y = 0; y < part.height && same; ++y)
        same = std::ranges::equal(row(image, left, top + y, part.width), row(part, 0, y, part.width));
      found += same ? 1 : 0;
    }
  }
  return found;
}

TEST(ExplanationSheet, HoldsEveryPanelOnceWithItsTitleAndValue) {
  const ManifestEntry truth = two_heads();
  const Explanation explanation = explain(inspected(), &truth);
  const Image sheet = explanation_sheet(explanation, photo(), "crowd.jpg", "tiny");
  for (const ExplainedSection& section : explanation.sections) {
    EXPECT_TRUE(shows(sheet, section.title, kAccent, 2)) << section.title;
    for (const ExplainedLayer& layer : section.layers) {
      EXPECT_TRUE(shows(sheet, layer.title, kInk, 2)) << layer.title;
      EXPECT_TRUE(layer.value.empty() || shows(sheet, layer.value, kSoftInk, 2)) << layer.value;
      // The best expert lies over the photo.
      if (layer.kind == LayerKind::best_expert) continue;
      EXPECT_EQ(occurrences(sheet, paint_layer(explanation, layer, 400, 300)), 1) << layer.id;
    }
  }
  EXPECT_EQ(occurrences(sheet, resize_image(photo(), 400, 300)), 1);
}

TEST(ExplanationSheet, SaysWhatItIsOf) {
  const ManifestEntry truth = two_heads();
  const Image sheet = explanation_sheet(explain(inspected(), &truth), photo(), "crowd.jpg", "tiny");
  EXPECT_TRUE(shows(sheet, "crowd.jpg   9.9 counted, 2 true", kInk, 3));
  EXPECT_TRUE(shows(sheet, "32 x 24 pixels   model tiny", kSoftInk, 2));
  EXPECT_TRUE(shows(sheet, "people per 100 x 100 pixels", kSoftInk, 2));
  EXPECT_TRUE(shows(sheet, "gate weights and attention", kSoftInk, 2));
  EXPECT_TRUE(shows(sheet, "best expert: nearest to the truth", kSoftInk, 2));
}

TEST(ExplanationSheet, HasTheShapeOfAScreen) {
  const ManifestEntry truth = two_heads();
  for (const auto& [width, height] : {std::pair{32, 24}, {24, 32}}) {
    Inspection inspection = inspected();
    inspection.width = width;
    inspection.height = height;
    const Image sheet = explanation_sheet(explain(inspection), photo(width, height), "crowd.jpg", "tiny");
    EXPECT_GT(sheet.width, sheet.height);
    EXPECT_LT(sheet.width, 3 * sheet.height);
    EXPECT_TRUE(shows(sheet, "Group 1+3: expert 3", kInk, 2)) << width << " x " << height;
  }
}

TEST(ExplanationSheet, OfOneMapIsSmall) {
  const Image sheet = explanation_sheet(explain(inspected_single_map()), photo(), "crowd.jpg", "tiny");
  EXPECT_TRUE(shows(sheet, "Final map", kInk, 2));
  EXPECT_FALSE(shows(sheet, "Experts", kAccent, 2));
  EXPECT_FALSE(shows(sheet, "attention", kSoftInk, 2));
  EXPECT_LT(sheet.width, 1000);
  EXPECT_LT(sheet.height, 700);
}

TEST(ExplanationSheet, AnyPictureFits) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 3000}, {3000, 1}, {5, 4000}}) {
    Inspection inspection = inspected();
    inspection.width = width;
    inspection.height = height;
    const Image sheet = explanation_sheet(explain(inspection), photo(width, height), std::string(500, 'x'), "tiny");
    EXPECT_TRUE(shows(sheet, "Expert 1", kInk, 2)) << width << " x " << height;
  }
  expect_error(ErrorKind::failure, {"without pixels"},
               [] { explanation_sheet(explain(inspected()), {}, "crowd.jpg", "tiny"); });
}

}  // namespace
}  // namespace throng
