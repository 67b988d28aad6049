#include "run_report/live_report.h"

#include <gmock/gmock.h>

#include "core/file.h"
#include "run_report/run_report.h"
#include "temporary_folder.h"
#include "train/stopped_run.h"

namespace throng {
namespace {

using testing::HasSubstr;

struct Counted final : ProgressObserver {
  void progress(std::int64_t done, std::int64_t, std::string_view) override { steps.push_back(done); }
  std::vector<std::int64_t> steps;
};

class LiveReportTest : public testing::Test {
 protected:
  LiveReportTest() { write_file(folder_ / "config.toml", "name = \"live\"\n"); }

  void log_an_epoch() const {
    write_file(folder_ / "metrics.jsonl", "{\"epoch\":1,\"step\":9,\"loss\":{\"total\":4}}\n");
  }
  bool is_written() const { return std::filesystem::exists(run_report_path(folder_.path())); }

  TemporaryFolder folder_;
  Messages messages_;
  Counted observer_;
  LiveReport live_{folder_.path(), {&messages_, &observer_}};
};

TEST_F(LiveReportTest, IsWrittenWhenAnEpochHasBeenLogged) {
  live_.progress(1, 20, "");
  EXPECT_FALSE(is_written());
  log_an_epoch();
  live_.progress(2, 20, "");
  ASSERT_TRUE(is_written());
  EXPECT_THAT(read_text_file(run_report_path(folder_.path())), HasSubstr("All terms together"));
  EXPECT_THAT(observer_.steps, testing::ElementsAre(1, 2));
}

TEST_F(LiveReportTest, IsNotWrittenTwiceForOneEpoch) {
  log_an_epoch();
  live_.progress(1, 20, "");
  std::filesystem::remove(run_report_path(folder_.path()));
  live_.progress(2, 20, "");
  EXPECT_FALSE(is_written());
  live_.write_now();
  EXPECT_TRUE(is_written());
}

TEST_F(LiveReportTest, IsNotWrittenWhereNothingWasTrained) {
  log_an_epoch();
  live_.write_now();
  EXPECT_FALSE(is_written());
}

TEST_F(LiveReportTest, SaysNothingOfARunThatHasSavedNoState) {
  std::filesystem::remove(folder_ / "config.toml");
  log_an_epoch();
  live_.progress(1, 20, "");
  live_.write_now();
  EXPECT_EQ(messages_.warnings, "");
  EXPECT_FALSE(is_written());
  // It may have one later.
  write_file(folder_ / "config.toml", "name = \"live\"\n");
  live_.write_now();
  EXPECT_TRUE(is_written());
}

TEST_F(LiveReportTest, WarnsOnceWhereItCannotBeWritten) {
  log_an_epoch();
  std::filesystem::create_directory(run_report_path(folder_.path()));
  live_.progress(1, 20, "");
  live_.write_now();
  EXPECT_THAT(messages_.warnings, HasSubstr("without a report"));
  EXPECT_EQ(messages_.warnings.find("without"), messages_.warnings.rfind("without a"));
  EXPECT_THAT(observer_.steps, testing::ElementsAre(1));
}

TEST_F(LiveReportTest, NoFailureEndsTheTraining) {
  log_an_epoch();
  std::filesystem::create_symlink("provenance.json", folder_ / "provenance.json");  // leads in a circle
  EXPECT_NO_THROW(live_.progress(1, 20, ""));
  EXPECT_THAT(messages_.warnings, HasSubstr("without a report"));
  EXPECT_THAT(observer_.steps, testing::ElementsAre(1));
}

}  // namespace
}  // namespace throng
