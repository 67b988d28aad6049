#include "cli/count_rows.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace throng {

namespace {

using nlohmann::json;

// The formats that scripts read; every field is written out here by hand.
std::vector<CountRow> three_rows() {
  CountRow first{.path = "a, b.jpg", .width = 640, .height = 480, .count = 12.25, .seconds = 0.5};
  CountRow second{.path = "bad.png", .problem = "bad.png is damaged", .exit_code = 3};
  CountRow third{.path = "c.jpg", .width = 1, .height = 2, .count = 0.5, .seconds = 0.0625, .heatmap = "h/c.png"};
  return {first, second, third};
}

TEST(CountRowsTest, TotalsLeaveOutWhatWasNotCounted) {
  const CountTotals totals = totals_of(three_rows());
  EXPECT_EQ(totals.people, 12.75);
  EXPECT_EQ(totals.counted, 2);
  EXPECT_EQ(totals.failed, 1);
}

TEST(CountRowsTest, LinesHaveTabsAndOneDecimal) {
  EXPECT_EQ(count_line(three_rows()[2]), "c.jpg\t0.5\n");
  EXPECT_EQ(total_line({.people = 1234.56, .counted = 7}), "total\t1234.6\t7 images\n");
}

TEST(CountRowsTest, PicturesOfUnusualSizeGetAdvice) {
  const CountRow usual{.path = "usual.jpg", .width = 1024, .height = 768, .count = 12};
  const CountRow small{.path = "small.jpg", .width = 337, .height = 481, .count = 12};
  CountRow photo{.path = "photo.jpg", .width = 4000, .height = 3000, .count = 12};
  EXPECT_EQ(size_hint(std::vector{usual}), "");
  EXPECT_EQ(size_hint(std::vector{small}),
            "'small.jpg' is much smaller or larger than most that models learn from: --scale auto looks for a better "
            "size");
  EXPECT_THAT(size_hint(std::vector{usual, small, photo}), testing::StartsWith("2 of 3 pictures are much smaller"));
  photo.scales = {0.5};
  EXPECT_EQ(size_hint(std::vector{photo}), "");
  photo = {.path = "empty.jpg", .width = 4000, .height = 3000, .count = 0.4};
  EXPECT_EQ(size_hint(std::vector{photo}), "");
}

TEST(CountRowsTest, TheJsonDocumentIsAsAgreed) {
  const CountedBy by{.model = "tiny", .sha256 = "abc", .precision = "fp32", .device = "cpu"};
  const json expected = json::parse(R"({
    "images": [
      {"path": "a, b.jpg", "width": 640, "height": 480, "count": 12.25, "seconds": 0.5},
      {"path": "bad.png", "error": "bad.png is damaged"},
      {"path": "c.jpg", "width": 1, "height": 2, "count": 0.5, "seconds": 0.0625, "heatmap": "h/c.png"}],
    "total": 12.75, "counted": 2, "failed": 1,
    "model": {"name": "tiny", "sha256": "abc"}, "precision": "fp32", "device": "cpu"})");
  EXPECT_EQ(json::parse(count_json(three_rows(), totals_of(three_rows()), by, false)), expected);
  json interrupted = expected;
  interrupted["interrupted"] = true;
  EXPECT_EQ(json::parse(count_json(three_rows(), totals_of(three_rows()), by, true)), interrupted);
}

TEST(CountRowsTest, AnUnlikePictureIsDoubtedInWords) {
  CountRow row{.path = "a.jpg", .count = 3, .unfamiliarity = 0.99};
  EXPECT_EQ(doubt_about(row), "");
  row.unfamiliarity = 2.34;
  row.unlike = "light";
  EXPECT_EQ(doubt_about(row),
            "'a.jpg' is unlike the pictures that the model knows: it is darker or brighter, or of other contrast (2.3 "
            "times as far from them as is usual), so its count may be far off");
  const std::vector<CountRow> rows = {row};
  EXPECT_EQ(json::parse(count_json(rows, {}, {}, false))["images"][0]["unlike"], "light");
  row.exit_code = 3;
  EXPECT_EQ(doubt_about(row), "");
}

TEST(CountRowsTest, TheTableQuotesPathsAndLeavesNumbersOfFailuresEmpty) {
  EXPECT_EQ(count_csv(three_rows()),
            "path,width,height,count,seconds,error\n"
            "\"a, b.jpg\",640,480,12.25,0.500,\n"
            "bad.png,,,,,bad.png is damaged\n"
            "c.jpg,1,2,0.5,0.062,\n");
}

TEST(CountRowsTest, ScalesAreSaidWhereTheyAreNotOne) {
  std::vector<CountRow> rows = three_rows();
  rows[0].scales = {2};
  rows[1].scales = {2};  // of a failure nothing is said
  const CountedBy by{.model = "tiny", .sha256 = "abc", .precision = "fp32", .device = "cpu"};
  const json document = json::parse(count_json(rows, totals_of(rows), by, false));
  EXPECT_EQ(document["images"][0]["scales"], json::parse("[2.0]"));
  EXPECT_FALSE(document["images"][1].contains("scales") || document["images"][2].contains("scales"));
  rows[2].scales = {1, 0.71};
  EXPECT_EQ(count_csv(rows),
            "path,width,height,count,seconds,error,scales\n"
            "\"a, b.jpg\",640,480,12.25,0.500,,2\n"
            "bad.png,,,,,bad.png is damaged,\n"
            "c.jpg,1,2,0.5,0.062,,1 0.71\n");
  EXPECT_EQ(size_remark(rows[2]), "'c.jpg' was counted at 1 and 0.71 times its size");
  EXPECT_EQ(size_remark(three_rows()[0]), "");
  EXPECT_EQ(size_remark(rows[1]), "");
}

}  // namespace

}  // namespace throng
