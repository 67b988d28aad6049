#include "run_report/run_log.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/file.h"
#include "temporary_folder.h"

namespace throng {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

RunLog log_with(const std::string& words) {
  const TemporaryFolder folder;
  write_file(folder / "metrics.jsonl", words);
  return RunLog(folder / "metrics.jsonl");
}

const char* const kLines =
    "{\"epoch\":1,\"loss\":{\"density\":4,\"total\":9},\"lr\":0.5}\n"
    "{\"epoch\":2,\"loss\":{\"density\":3,\"new\":1,\"total\":null},\"lr\":0.25,\"validation\":{\"mae\":7}}\n"
    "{\"epoch\":3,\"loss\":{\"density\":2,\"total\":5},\"lr\":\"none\"}\n";

TEST(RunLog, NamesNumbersInTheirOrder) {
  const RunLog log = log_with(kLines);
  EXPECT_THAT(log.lines(), SizeIs(3));
  EXPECT_THAT(log.numbers("loss"), ElementsAre("density", "total", "new"));
  EXPECT_THAT(log.numbers(""), ElementsAre("epoch", "lr"));
  EXPECT_THAT(log.numbers("nothing"), IsEmpty());
  EXPECT_THAT(log.groups(), ElementsAre("loss", "validation"));
}

TEST(RunLog, LeavesGapsWhereALineHasNoNumber) {
  const RunLog log = log_with(kLines);
  const Series total = log.series("loss", "total");
  EXPECT_EQ(total.name, "total");
  EXPECT_THAT(total.x, ElementsAre(1, 2, 3));
  ASSERT_THAT(total.y, SizeIs(3));
  EXPECT_EQ(total.y[0], 9);
  EXPECT_TRUE(std::isnan(total.y[1]));
  EXPECT_EQ(total.y[2], 5);
  EXPECT_THAT(log.present("loss", "total").x, ElementsAre(1, 3));
  EXPECT_THAT(log.present("validation", "mae").x, ElementsAre(2));
  EXPECT_THAT(log.present("validation", "mae").y, ElementsAre(7));
  EXPECT_THAT(log.present("", "lr").y, ElementsAre(0.5, 0.25));
}

TEST(RunLog, PassesOverALineThatIsNotFinished) {
  EXPECT_THAT(log_with("{\"epoch\":1}\n{\"epoch\":2,\"lo").lines(), SizeIs(1));
  EXPECT_THAT(log_with("").lines(), IsEmpty());
  EXPECT_THAT(log_with("[1]\n7\n").lines(), IsEmpty());
}

TEST(RunLog, IsEmptyWithoutAFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(RunLog(folder / "metrics.jsonl").lines(), IsEmpty());
}

}  // namespace
}  // namespace throng
