#include "evaluate/present.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/text.h"

namespace throng {
namespace {

using testing::HasSubstr;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Evaluation small_evaluation() {
  Evaluation evaluation;
  evaluation.errors = {2, 2.5, 0.25, 2};
  evaluation.by_level = {{2, 2.5, 0.25, 2}, {}, {}};
  evaluation.images = {{.path = "a.png", .count = 5, .truth = 4, .problem = {}, .game = {}, .outputs = {}},
                       {.path = "b.png", .count = 5, .truth = 8, .problem = {}, .game = {}, .outputs = {}}};
  return evaluation;
}

TEST(Presentation, FiguresAreTheLastLine) {
  const std::string words = evaluation_text(small_evaluation());
  EXPECT_EQ(words,
            "level low (0-50)\tMAE 2.00 RMSE 2.50 NAE 0.2500\t2 images\n"
            "MAE 2.00 RMSE 2.50 NAE 0.2500\n");
}

TEST(Presentation, AFigureThatThereIsNoneOf) {
  const CountErrors errors{3, 3, kNone, 1};
  EXPECT_EQ(errors_line(errors), "MAE 3.00 RMSE 3.00 NAE nan");
  EXPECT_TRUE(Json::parse(errors_json(errors).dump())["nae"].is_null());
  EXPECT_EQ(errors_line({}), "MAE nan RMSE nan NAE nan");
}

TEST(Presentation, EverythingThatWasAsked) {
  Evaluation evaluation = small_evaluation();
  evaluation.by_label = {{"weather", {{"", {1, 1, 0.5, 1}}, {"fog", {3, 3, 0.1, 1}}}}};
  evaluation.game = {1, 2, 3, 4.5};
  evaluation.foreground = CountErrors{1, 1, 0.5, 2};
  evaluation.maps = MapLikeness{21.5, 0.75, 2};
  evaluation.outputs = {{"expert1", 0, {4, 5, 0.5, 2}, {{4, 5, 0.5, 2}, {}, {}}}};
  evaluation.localisation = {8, 2, {3, 4, 6}, {{3, 4, 6}, {}, {}}, {{1, 1, 2}, {2, 3, 4}, {}, {}}};
  evaluation.images[0].localisation = Localisation{1, 2, 1};
  evaluation.images[0].game = {1, 2, 3, 4};
  evaluation.images[0].outputs = {{"expert1", 0, 6}};
  evaluation.images[1].problem = "too large";
  evaluation.left_out = 1;
  evaluation.unannotated = 3;

  const std::string words = evaluation_text(evaluation);
  for (const char* line : {"weather fog\tMAE 3.00", "weather (none)\tMAE 1.00", "GAME(0..3)\t1.00\t2.00\t3.00\t4.50\n",
                           "foreground\tMAE 1.00", "maps\tPSNR 21.50 SSIM 0.7500\t2 images\n",
                           "\npoints within 8 px\tprecision 0.7500 recall 0.5000 F1 0.6000\t2 images\nMAE 2.00",
                           "expert1\tMAE 4.00 RMSE 5.00", "expert1 low (0-50)\tMAE 4.00"}) {
    EXPECT_THAT(words, HasSubstr(line));
  }
  EXPECT_TRUE(words.ends_with("\nMAE 2.00 RMSE 2.50 NAE 0.2500\n"));

  const Json json = Json::parse(evaluation_json(evaluation).dump());
  EXPECT_EQ(json["mae"], 2);
  EXPECT_EQ(json["images"], 2);
  EXPECT_EQ(json["left_out"], 1);
  EXPECT_EQ(json["unannotated"], 3);
  EXPECT_EQ(json["by_level"][0]["level"], "low");
  EXPECT_EQ(json["by_level"][0]["mae"], 2);
  EXPECT_EQ(json["by_level"][2]["people"], "over 500");
  EXPECT_TRUE(json["by_level"][2]["mae"].is_null());
  EXPECT_EQ(json["by"]["weather"]["fog"]["mae"], 3);
  EXPECT_EQ(json["game"][3], 4.5);
  EXPECT_EQ(json["foreground"]["nae"], 0.5);
  EXPECT_EQ(json["maps"]["ssim"], 0.75);
  EXPECT_EQ(json["outputs"][0]["name"], "expert1");
  EXPECT_EQ(json["localisation"]["radius"], 8);
  EXPECT_EQ(json["localisation"]["images"], 2);
  EXPECT_EQ(json["localisation"]["precision"], 0.75);
  EXPECT_EQ(json["localisation"]["recall"], 0.5);
  EXPECT_EQ(json["localisation"]["f1"], 0.6);
  EXPECT_EQ(json["localisation"]["by_level"][0]["people"], "0-50");
  EXPECT_EQ(json["localisation"]["by_level"][0]["matched"], 3);
  EXPECT_TRUE(json["localisation"]["by_level"][1]["f1"].is_null());
  EXPECT_EQ(json["localisation"]["by_density"][1]["density"], "medium");
  EXPECT_EQ(json["localisation"]["by_density"][1]["people_per_100x100"], "10 to 30");
  EXPECT_EQ(json["localisation"]["by_density"][3]["people_per_100x100"], "100 and more");
  EXPECT_EQ(json["localisation"]["by_density"][1]["found"], 3);
  EXPECT_EQ(json["per_image"][0]["localisation"]["precision"], 0.5);
  EXPECT_EQ(json["outputs"][0]["by_level"][0]["rmse"], 5);
  EXPECT_EQ(json["per_image"][0]["error"], 1);
  EXPECT_EQ(json["per_image"][0]["game"][3], 4);
  EXPECT_EQ(json["per_image"][0]["outputs"]["expert1"], 6);
  EXPECT_EQ(json["per_image"][1]["unreadable"], "too large");
  EXPECT_FALSE(json["per_image"][1].contains("count"));
}

TEST(Presentation, TableOfPictures) {
  Evaluation evaluation = small_evaluation();
  EXPECT_EQ(evaluation_csv(evaluation), "path,count,truth,error\na.png,5,4,1\nb.png,5,8,-3\n");
  evaluation.images[1].scales = {1.41};
  EXPECT_EQ(evaluation_csv(evaluation), "path,count,truth,error,scales\na.png,5,4,1,1\nb.png,5,8,-3,1.41\n");
  EXPECT_EQ(evaluation_json(evaluation)["per_image"][1]["scales"], Json::parse("[1.41]"));
  EXPECT_FALSE(evaluation_json(evaluation)["per_image"][0].contains("scales"));
  evaluation.images[1].scales = {1};

  evaluation.images[0].game = {1, 2, 3, 4.5};
  evaluation.images[0].outputs = {{"expert1", 0, 6}, {"final", 1, 5}};
  evaluation.images[1].outputs = {{"expert1", 0, 7}, {"final", 1, 5}};
  evaluation.images[1].truth = kNone;
  evaluation.images.push_back(
      {.path = "c,d.png", .count = 0, .truth = 2, .problem = "too large", .game = {}, .outputs = {}});
  EXPECT_EQ(evaluation_csv(evaluation),
            "path,count,truth,error,game0,game1,game2,game3,expert1,final\n"
            "a.png,5,4,1,1,2,3,4.5,6,5\n"
            "b.png,5,,,,,,,7,5\n"
            "\"c,d.png\",,2,,,,,,,\n");
}

}  // namespace
}  // namespace throng
