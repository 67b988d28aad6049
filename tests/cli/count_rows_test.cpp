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

TEST(CountRowsTest, TheTableQuotesPathsAndLeavesNumbersOfFailuresEmpty) {
  EXPECT_EQ(count_csv(three_rows()),
            "path,width,height,count,seconds,error\n"
            "\"a, b.jpg\",640,480,12.25,0.500,\n"
            "bad.png,,,,,bad.png is damaged\n"
            "c.jpg,1,2,0.5,0.062,\n");
}

}  // namespace

}  // namespace throng
