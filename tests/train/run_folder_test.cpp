#include "train/run_folder.h"

#include <gtest/gtest.h>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

TEST(RunFolder, RefusesAnExistingFolderWithoutResume) {
  const TemporaryFolder folder;
  const auto path = folder / "run";
  { const RunFolder run(path, false); }
  expect_error(ErrorKind::usage, {"exists", "--resume"}, [&] { RunFolder(path, false); });
  EXPECT_NO_THROW(RunFolder(path, true));
}

TEST(RunFolder, KeepsTwoTrainersApart) {
  const TemporaryFolder folder;
  const RunFolder first(folder / "run", false);
  expect_error(ErrorKind::failure, {"another process"}, [&] { RunFolder(folder / "run", true); });
}

TEST(RunFolder, CutsTheLogBackToAStep) {
  const TemporaryFolder folder;
  const RunFolder run(folder / "run", false);
  run.append_metrics(Json{{"step", 10}});
  run.append_metrics(Json{{"step", 20}});
  write_file(run.metrics(), read_text_file(run.metrics()) + "{\"step\": 3");
  run.cut_metrics(10);
  EXPECT_EQ(read_text_file(run.metrics()), "{\"step\":10}\n");
}

}  // namespace
}  // namespace throng
