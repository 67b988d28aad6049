#include "run_report/run_report.h"

#include <gmock/gmock.h>

#include <regex>

#include "browser.h"
#include "core/file.h"
#include "core/text.h"
#include "data/manifest.h"
#include "train/stopped_run.h"
#include "train/tiny_experiment.h"

namespace throng {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count_of(const std::string& page, const std::string& words) {
  std::size_t count = 0;
  for (std::size_t at = page.find(words); at != std::string::npos; at = page.find(words, at + 1)) ++count;
  return count;
}

/// A finished tiny run with its report: trained once for all tests, which copy it.
class RunReport : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<TemporaryFolder>();
    ExperimentConfig config = tiny_experiment(make_dotted_data(shared_->path(), 16));
    config.name = "tiny <run>";
    config.train.epochs = 3;
    train_with_report(config, *shared_ / "run", false, {});
  }
  static void TearDownTestSuite() { shared_.reset(); }

  RunReport() { std::filesystem::copy(*shared_ / "run", run_); }

  std::string page() const { return read_text_file(run_report_path(run_)); }

  RunReportOptions options() const {
    RunReportOptions options;
    options.counter.threads = 1;
    return options;
  }

  static inline std::unique_ptr<TemporaryFolder> shared_;
  TemporaryFolder folder_;
  std::filesystem::path run_ = folder_ / "run";
  Messages messages_;
};

TEST_F(RunReport, HasEverySection) {
  const std::string html = page();
  for (const char* heading : {"Validation", "Counts of the validation images", "Worst images", "Losses",
                              "Learning rate and speed", "Data and configuration"}) {
    EXPECT_THAT(html, HasSubstr(text("<h2>", heading, "</h2>"))) << heading;
  }
  EXPECT_THAT(html, HasSubstr("<h1>Training run: tiny &lt;run&gt;</h1>"));
  for (const char* words : {"All terms together", "Term: density", "Term: relative", "Term: attention",
                            "Term: importance", "expert1</li>", "group12</li>", "final</li>", "Validation error",
                            "Counted over true number of people", "Mean absolute error by level", "3 of 3"}) {
    EXPECT_THAT(html, HasSubstr(words)) << words;
  }
  // Four of sixteen images are held out; each is shown with its annotations and with its density.
  EXPECT_EQ(count_of(html, "<img "), 8U);
  EXPECT_EQ(count_of(html, "class=\"dot\""), 4U);
  EXPECT_THAT(html, HasSubstr("seed"));
  EXPECT_THAT(html, HasSubstr("[data.density]"));
  EXPECT_THAT(html, HasSubstr(manifest_sha256(*shared_ / "dots.jsonl")));
  EXPECT_THAT(html, Not(HasSubstr("not come to its end")));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST_F(RunReport, CountsAsTheValidationDid) {
  double best = 1e9;
  for (const Json& line : log_of(run_)) best = std::min(best, line["validation"]["mae"].get<double>());
  EXPECT_THAT(page(), HasSubstr(text("<b>", fixed(best, 2), "</b><span>best validation MAE")));
  // The same number in the table of levels: there the finished model counted again.
  const std::regex row("<tr><td>all</td><td></td><td class=\"number\">4</td><td class=\"number\">([0-9.]+)</td>");
  std::smatch match;
  const std::string html = page();
  ASSERT_TRUE(std::regex_search(html, match, row));
  EXPECT_NEAR(std::stod(match[1]), best, 0.0051 + 1e-3 * best);
}

TEST_F(RunReport, CanBeWrittenAnew) {
  const std::string before = page();
  std::filesystem::remove(run_report_path(run_));
  EXPECT_TRUE(write_run_report(run_, options(), {&messages_, nullptr}));
  EXPECT_EQ(page(), before);
  EXPECT_EQ(messages_.warnings, "");
}

TEST_F(RunReport, ShowsAsManyOfTheWorstAsAsked) {
  RunReportOptions one = options();
  one.worst = 1;
  write_run_report(run_, one, {});
  EXPECT_EQ(count_of(page(), "<img "), 2U);
}

TEST_F(RunReport, OfCurvesAloneNeedsNoPictures) {
  RunReportOptions curves = options();
  curves.judge = false;
  std::filesystem::remove(run_ / "best.safetensors");
  EXPECT_TRUE(write_run_report(run_, curves, {}));
  EXPECT_THAT(page(), HasSubstr("Term: density"));
  EXPECT_THAT(page(), HasSubstr("Not counted yet"));
  EXPECT_THAT(page(), Not(HasSubstr("<img")));
}

TEST_F(RunReport, NamesWhatKeepsItFromCounting) {
  RunReportOptions elsewhere = options();
  elsewhere.manifest = (folder_ / "gone.jsonl").string();
  EXPECT_FALSE(write_run_report(run_, elsewhere, {&messages_, nullptr}));
  EXPECT_THAT(page(), HasSubstr("gone.jsonl"));
  EXPECT_THAT(page(), HasSubstr("Term: density"));
  EXPECT_THAT(messages_.warnings, HasSubstr("gone.jsonl"));
}

TEST_F(RunReport, WarnsOfAnotherDataSet) {
  RunReportOptions other = options();
  other.manifest = make_dotted_data(folder_.path(), 12).string();
  EXPECT_TRUE(write_run_report(run_, other, {&messages_, nullptr}));
  EXPECT_THAT(page(), HasSubstr("another checksum"));
  EXPECT_THAT(messages_.warnings, HasSubstr("another checksum"));
}

TEST_F(RunReport, ReadsAnInterruptedRun) {
  std::filesystem::remove(run_ / "best.safetensors");
  const std::vector<std::string> lines = split(read_text_file(run_ / "metrics.jsonl"), '\n');
  write_file(run_ / "metrics.jsonl", lines[0] + "\n" + lines[1].substr(0, 20));
  EXPECT_TRUE(write_run_report(run_, options(), {}));
  EXPECT_THAT(page(), HasSubstr("1 of 3"));
  EXPECT_THAT(page(), HasSubstr("not come to its end"));
  EXPECT_THAT(page(), HasSubstr("No model has been judged yet"));
}

TEST_F(RunReport, KnowsTheSpeedWhereAnEpochWasOnlyJudged) {
  const auto logged = [&](const std::string& second) {
    write_file(run_ / "metrics.jsonl", text("{\"step\":6,\"epoch\":1,\"crops_per_second\":4}\n{\"step\":12,\"epoch\":2",
                                            second, "}\n{\"step\":18,\"epoch\":3,\"crops_per_second\":4}\n"));
    RunReportOptions curves = options();
    curves.judge = false;
    write_run_report(run_, curves, {});
    return page();
  };
  // Eighteen steps of two crops, four crops a second; older versions wrote 0.
  for (const char* second : {"", ",\"crops_per_second\":0"}) {
    const std::string html = logged(second);
    EXPECT_THAT(html, HasSubstr("<b>4.0</b><span>crops per second")) << second;
    EXPECT_THAT(html, HasSubstr("<b>9.0 s</b><span>in training steps")) << second;
  }
}

TEST_F(RunReport, OfARunThatHasLoggedNothingSaysSo) {
  std::filesystem::remove(run_ / "best.safetensors");
  std::filesystem::remove(run_ / "metrics.jsonl");
  std::filesystem::remove(run_ / "provenance.json");
  EXPECT_TRUE(write_run_report(run_, options(), {}));
  EXPECT_THAT(page(), HasSubstr("No epoch is finished yet"));
  EXPECT_THAT(page(), HasSubstr("No validation is logged"));
}

TEST_F(RunReport, OfAnUnknownConfigurationHasItsCurves) {
  write_file(run_ / "config.toml", "later = 1\n" + read_text_file(run_ / "config.toml"));
  EXPECT_FALSE(write_run_report(run_, options(), {&messages_, nullptr}));
  EXPECT_THAT(page(), HasSubstr("Term: density"));
  EXPECT_THAT(page(), HasSubstr("unknown key"));
}

TEST_F(RunReport, NeedsTheFolderOfARun) {
  expect_error(ErrorKind::usage, {"not the folder of a training run", "--out"},
               [&] { write_run_report(folder_.path(), options(), {}); });
  EXPECT_FALSE(std::filesystem::exists(folder_ / "report.html"));
}

TEST_F(RunReport, StopsWhileCounting) {
  std::stop_source source;
  source.request_stop();
  expect_error(ErrorKind::interrupted, {"interrupted"},
               [&] { write_run_report(run_, options(), {}, source.get_token()); });
  EXPECT_THAT(page(), HasSubstr("Term: density"));
}

TEST(TrainWithReport, WithoutValidationSaysSo) {
  const TemporaryFolder folder;
  ExperimentConfig config = tiny_experiment(make_dotted_data(folder.path(), 4));
  config.data.validation = 0;
  Messages messages;
  train_with_report(config, folder / "run", false, {&messages, nullptr});
  const std::string html = read_text_file(run_report_path(folder / "run"));
  EXPECT_THAT(html, HasSubstr("holds no images out to be judged by"));
  EXPECT_THAT(html, HasSubstr("No validation is logged"));
  EXPECT_THAT(html, HasSubstr("<b>0</b><span>validation images"));
  EXPECT_EQ(messages.warnings, "");
}

TEST(TrainWithReport, LeavesTheCurvesWhereItIsStopped) {
  const TemporaryFolder folder;
  const ExperimentConfig config = tiny_experiment(make_dotted_data(folder.path(), 8));
  // Three steps an epoch: behind the first of the second.
  StopAt stop(4);
  expect_error(ErrorKind::interrupted, {"--resume"}, [&] {
    train_with_report(config, folder / "run", false, {nullptr, &stop}, stop.token());
  });
  const std::string html = read_text_file(run_report_path(folder / "run"));
  EXPECT_THAT(html, HasSubstr("1 of 2"));
  EXPECT_THAT(html, HasSubstr("Term: density"));

  bool told = false;
  train_with_report(config, folder / "run", true, {}, {}, [&](const TrainResult& result) {
    told = true;
    EXPECT_EQ(result.steps, 6);
  });
  EXPECT_TRUE(told);
  EXPECT_THAT(read_text_file(run_report_path(folder / "run")), HasSubstr("2 of 2"));
}

TEST(TrainWithReport, LeavesNoFolderOfARunThatCannotBegin) {
  const TemporaryFolder folder;
  ExperimentConfig config = tiny_experiment(folder / "gone.jsonl");
  expect_error(ErrorKind::input, {"gone.jsonl"}, [&] { train_with_report(config, folder / "run", false, {}); });
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST(TrainWithReport, SaysNothingButWhyARunFailedBeforeItsFirstState) {
  const TemporaryFolder folder;
  ExperimentConfig config = tiny_experiment(make_dotted_data(folder.path(), 8));
  config.train.lr = 1e30;
  config.train.warmup_steps = 0;
  config.train.epochs = 40;
  Messages messages;
  expect_error(ErrorKind::failure, {"became NaN or infinite"}, [&] {
    train_with_report(config, folder / "run", false, {&messages, nullptr});
  });
  EXPECT_EQ(messages.warnings, "");
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

/// Writes what can be measured of a page that has been drawn to the end of it.
constexpr const char* kMeasure = R"(<script>
addEventListener('load', () => {
  const sizes = (what) => [...document.querySelectorAll(what)].map((part) => {
    const box = part.getBoundingClientRect();
    return box.width > 40 && box.height > 40;
  });
  const inside = [...document.querySelectorAll('.chart > div > svg')].every((chart) => {
    const frame = chart.getBoundingClientRect();
    return [...chart.querySelectorAll('text, path, circle, rect')].every((part) => {
      const box = part.getBoundingClientRect();
      return box.left >= frame.left - 1 && box.right <= frame.right + 1 && box.top >= frame.top - 1 &&
             box.bottom <= frame.bottom + 1;
    });
  });
  const result = document.createElement('p');
  result.textContent = ['charts', sizes('.chart > div > svg').filter((fits) => fits).length,
    'of', sizes('.chart > div > svg').length,
    'pictures', [...document.images].filter((image) => image.complete && image.naturalWidth > 0).length,
    'inside', inside,
    'wide', document.documentElement.scrollWidth > innerWidth,
    'fetched', performance.getEntriesByType('resource').filter((one) => !one.name.startsWith('data:')).length,
    'end'].join(' ');
  document.body.append(result);
});
</script>)";

class ReportInBrowser : public RunReport {
 protected:
  void SetUp() override {
    const auto program = Browser::find();
    if (!program) GTEST_SKIP() << "there is no Chromium on PATH to look at the report with";
    browser_.emplace(*program);
  }

  Browser& browser() { return *browser_; }

  std::string measured(int width) {
    const std::filesystem::path copy = folder_ / "measured.html";
    write_file(copy, page() + kMeasure);
    const Browser::Seen seen = browser().look_at(copy, {width, 2000, false});
    EXPECT_EQ(seen.messages, "");
    std::smatch match;
    return std::regex_search(seen.page, match, std::regex("<p>(charts [^<]* end)</p>")) ? match[1].str() : seen.page;
  }

 private:
  std::optional<Browser> browser_;
};

TEST_F(ReportInBrowser, DrawsEveryChartWithoutErrors) {
  const Browser::Seen seen = browser().look_at(run_report_path(run_), {});
  EXPECT_EQ(seen.messages, "");
  const std::size_t charts = count_of(page(), "<figure class=\"chart\">");
  EXPECT_GE(charts, 11U);
  const std::string expected =
      text("charts ", charts, " of ", charts, " pictures 8 inside true wide false fetched 0 end");
  EXPECT_EQ(measured(1280), expected);
  EXPECT_EQ(measured(500), expected);
}

TEST_F(ReportInBrowser, IsLightOrDarkAsTheScreenIs) {
  const auto has = [](const Image& picture, Colour colour) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
      count += picture.rgb[i] == colour[0] && picture.rgb[i + 1] == colour[1] && picture.rgb[i + 2] == colour[2];
    }
    return count;
  };
  // Card and first line of the style sheet.
  const Image light = browser().photograph(run_report_path(run_), {1000, 1600, false});
  EXPECT_EQ(light.width, 1000);
  EXPECT_GT(has(light, {0xFF, 0xFF, 0xFF}), 200'000U);
  EXPECT_GT(has(light, {0x1F, 0x6F, 0xBF}), 100U);
  const Image dark = browser().photograph(run_report_path(run_), {1000, 1600, true});
  EXPECT_GT(has(dark, {0x1B, 0x1E, 0x23}), 200'000U);
  EXPECT_GT(has(dark, {0x6D, 0xB1, 0xF7}), 100U);
}

}  // namespace
}  // namespace throng
