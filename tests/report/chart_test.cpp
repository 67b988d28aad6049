#include "report/chart.h"

#include <gmock/gmock.h>

#include <limits>
#include <regex>

namespace throng {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Everything that a pattern's first group matches.
std::vector<std::string> all_of(const std::string& html, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (auto at = std::sregex_iterator(html.begin(), html.end(), expression); at != std::sregex_iterator(); ++at) {
    found.push_back((*at)[1]);
  }
  return found;
}

std::vector<std::string> lines_of(const std::string& html) {
  return all_of(html, "<path class=\"line\" d=\"([^\"]*)\"");
}

ChartOptions named() {
  ChartOptions options;
  options.title = "Loss";
  options.x_label = "epoch";
  options.y_label = "loss";
  options.width = 600;
  options.height = 340;
  return options;
}

std::string chart_of(const Series& series, const ChartOptions& options = named()) {
  return line_chart(options, std::vector<Series>{series});
}

TEST(LineChart, PutsPointsWhereTheirValuesAre) {
  const std::string chart = chart_of({"total", {0, 1, 2}, {0, 10, 5}});
  // The y axis goes from 340 - 48 (0) up to 12 (10); its labels are at most two letters wide, so that the x axis goes
  // from 28 + 2 * 6.9 + 8 = 49.8 (0) to 600 - 18 (2).
  EXPECT_THAT(lines_of(chart), ElementsAre("M49.8 292.0L49.8 292.0L315.9 12.0L582.0 152.0"));
  EXPECT_THAT(chart, HasSubstr("<svg viewBox=\"0 0 600 340.0\" role=\"img\" aria-label=\"Loss\">"));
  EXPECT_THAT(chart, HasSubstr("<title>total\nepoch 1\nloss 10</title>"));
}

TEST(LineChart, HasATickForEachGridLine) {
  const std::string chart = chart_of({"", {0, 1, 2, 3, 4}, {0, 10, 5, 1, 2}});
  EXPECT_THAT(all_of(chart, "text-anchor=\"end\">([^<]*)<"), ElementsAre("0", "2", "4", "6", "8", "10"));
  EXPECT_THAT(all_of(chart, "text-anchor=\"middle\">([0-9.]+)<"), ElementsAre("0", "1", "2", "3", "4"));
}

TEST(LineChart, LeavesGapsWhereNothingCanBeShown) {
  const std::string chart = chart_of({"", {0, 1, 2, 3, 4}, {10, kNan, 0, 5, kNan}});
  const std::vector<std::string> lines = lines_of(chart);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(all_of(lines[0], "(M)"), SizeIs(2));
  EXPECT_THAT(chart, Not(HasSubstr("nan")));
  EXPECT_THAT(all_of(chart, "(class=\"mark\")"), SizeIs(3));
}

TEST(LineChart, ALonelyPointIsADot) {
  const std::vector<std::string> lines = lines_of(chart_of({"", {0, 1, 2}, {kNan, 3, kNan}}));
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], testing::MatchesRegex("M([0-9.]+ [0-9.]+)L[0-9.]+ [0-9.]+"));
}

TEST(LineChart, ALogarithmicAxisLeavesZeroOut) {
  ChartOptions options = named();
  options.logarithmic = true;
  const std::string chart = chart_of({"", {0, 1, 2, 3}, {100, 0, 1, 10}}, options);
  const std::vector<std::string> lines = lines_of(chart);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(all_of(lines[0], "(M)"), SizeIs(2));
  EXPECT_THAT(all_of(chart, "text-anchor=\"end\">([^<]*)<"), ElementsAre("1", "10", "100"));
}

TEST(LineChart, SmoothsOverTheFaintValues) {
  ChartOptions options = named();
  options.smooth = 3;
  const std::string chart = chart_of({"", {0, 1, 2}, {0, 9, 3}}, options);
  // Values 0, 9, 3 on an axis to 10; means 0, 4, 3.
  EXPECT_THAT(all_of(chart, "class=\"raw\" d=\"([^\"]*)\""), ElementsAre(HasSubstr("L315.9 40.0L")));
  EXPECT_THAT(lines_of(chart), ElementsAre(HasSubstr("L315.9 180.0L")));
}

TEST(LineChart, NamesEachLineInTheLegend) {
  std::vector<Series> many;
  for (int i = 0; i < 10; ++i) many.push_back({"line <" + std::to_string(i) + ">", {0, 1}, {0, 1.0 + i}});
  const std::string chart = line_chart(named(), many);
  EXPECT_THAT(all_of(chart, "<li class=\"([^\"]*)\""),
              ElementsAre("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s1 dashed", "s2 dashed"));
  EXPECT_THAT(chart, HasSubstr("line &lt;9&gt;</li>"));
  EXPECT_THAT(chart_of({"", {0, 1}, {0, 1}}), Not(HasSubstr("legend")));
}

TEST(LineChart, SaysSoWhenThereIsNothing) {
  EXPECT_THAT(line_chart(named(), {}), HasSubstr("nothing to show"));
  EXPECT_THAT(chart_of({"x", {1, 2}, {kNan, kNan}}), HasSubstr("nothing to show"));
  EXPECT_THAT(chart_of({"x", {1}, {2}}), Not(HasSubstr("nothing to show")));
}

TEST(LineChart, EscapesItsWords) {
  ChartOptions options;
  options.title = "<t>";
  options.x_label = "<x>";
  options.y_label = "<y>";
  Series series{"<s>", {0, 1}, {0, 1}};
  series.labels = {"<script>", "&"};
  const std::string chart = chart_of(series, options);
  for (const char* tag : {"<t>", "<x>", "<y>", "<s>", "<script"}) EXPECT_THAT(chart, Not(HasSubstr(tag))) << tag;
  EXPECT_THAT(chart, HasSubstr("<title>&lt;script&gt;\n&lt;x&gt; 0\n&lt;y&gt; 0</title>"));
}

TEST(LineChart, OfManyPointsStaysSmall) {
  Series series{"x", {}, {}};
  for (int i = 0; i < 20000; ++i) {
    series.x.push_back(i);
    series.y.push_back(i % 7);
  }
  EXPECT_LE(all_of(chart_of(series), "(<circle)").size(), 150U);
}

TEST(ScatterChart, HasTheSameAxesAndTheDiagonal) {
  ChartOptions options = named();
  const std::string chart = scatter_chart(options, std::vector<Series>{{"", {10, 100}, {20, 50}, {"a.jpg", "b.jpg"}}});
  // Both axes from 0 to 100 in steps of 20; labels of three letters: x from 28 + 3 * 6.9 + 8 = 56.7 to 582.
  EXPECT_THAT(chart, HasSubstr("<line class=\"diagonal\" x1=\"56.7\" y1=\"292.0\" x2=\"582.0\" y2=\"12.0\"/>"));
  EXPECT_THAT(chart, HasSubstr("<circle class=\"dot\" cx=\"109.2\" cy=\"236.0\" r=\"3.5\">"
                               "<title>a.jpg\nepoch 10\nloss 20</title>"));
  EXPECT_THAT(chart, HasSubstr("<circle class=\"dot\" cx=\"582.0\" cy=\"152.0\" r=\"3.5\">"));
}

TEST(BarChart, DrawsFromZero) {
  ChartOptions options = named();
  options.x_label = "MAE";
  const std::string chart =
      bar_chart(options, std::vector<Bar>{{"low", 5, "3 images"}, {"high", 10, ""}, {"<none>", kNan, "0 images"}});
  const std::vector<std::string> widths = all_of(chart, "<rect [^>]*width=\"([0-9.]+)\"");
  ASSERT_THAT(widths, SizeIs(2));
  EXPECT_NEAR(std::stod(widths[1]), 2 * std::stod(widths[0]), 0.11);
  EXPECT_THAT(chart, HasSubstr(">5, 3 images</text>"));
  EXPECT_THAT(chart, HasSubstr(">10</text>"));
  EXPECT_THAT(chart, HasSubstr(">-, 0 images</text>"));
  EXPECT_THAT(chart, HasSubstr("&lt;none&gt;"));
}

TEST(LogarithmicAxis, IsWantedWhereValuesAreFarApart) {
  const auto wants = [](std::vector<double> y) {
    return wants_logarithmic_axis(std::vector<Series>{{"", std::vector<double>(y.size()), y}});
  };
  EXPECT_TRUE(wants({1, 31}));
  EXPECT_FALSE(wants({1, 29}));
  EXPECT_FALSE(wants({0, 1000}));
  EXPECT_FALSE(wants({-1, 1000}));
  EXPECT_TRUE(wants({kNan, 1, 31}));
  EXPECT_FALSE(wants({}));
}

}  // namespace
}  // namespace throng
