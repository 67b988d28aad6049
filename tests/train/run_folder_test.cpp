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
  {
    const RunFolder run(path, false);
    write_file(run.state(), "saved");
  }
  expect_error(ErrorKind::usage, {"exists", "--resume"}, [&] { RunFolder(path, false); });
  EXPECT_NO_THROW(RunFolder(path, true));
}

TEST(RunFolder, GoesWhereNoStateWasSaved) {
  const TemporaryFolder folder;
  {
    const RunFolder run(folder / "run", false);
    write_file(run.config(), "a = 1");
    run.append_metrics(Json{{"step", 1}});
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
  { const RunFolder again(folder / "run", false); }
}

TEST(RunFolder, StaysWhereSomebodyElseMadeItOrUsesIt) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "made");
  { const RunFolder run(folder / "made", true); }
  EXPECT_TRUE(std::filesystem::exists(folder / "made"));
  {
    const RunFolder run(folder / "used", false);
    write_file(folder / "used" / "notes.txt", "mine");
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "used" / "notes.txt"));
}

TEST(RunFolder, RemovesWhatAKilledTrainerWasWriting) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "run");
  write_file(folder / "run" / ".throng-4000000-7.tmp", "half a state");
  write_file(folder / "run" / "state.safetensors", "whole");
  const RunFolder run(folder / "run", true);
  EXPECT_FALSE(std::filesystem::exists(folder / "run" / ".throng-4000000-7.tmp"));
  EXPECT_TRUE(std::filesystem::exists(run.state()));
}

TEST(RunFolder, KeepsTwoTrainersApart) {
  const TemporaryFolder folder;
  const RunFolder first(folder / "run", false);
  expect_error(ErrorKind::failure, {"another process"}, [&] { RunFolder(folder / "run", true); });
}

TEST(RunFolder, CutsTheLogBackToAStep) {
  const TemporaryFolder folder;
  const RunFolder run(folder / "run", false);
  run.append_metrics(Json{{"step", 10}, {"epoch", 1}});
  run.append_metrics(Json{{"step", 20}, {"epoch", 2}});
  write_file(run.metrics(), read_text_file(run.metrics()) + "{\"step\": 3");
  run.cut_metrics(20, 2);
  EXPECT_EQ(read_text_file(run.metrics()), "{\"step\":10,\"epoch\":1}\n{\"step\":20,\"epoch\":2}\n");
  run.cut_metrics(15, 1);
  EXPECT_EQ(read_text_file(run.metrics()), "{\"step\":10,\"epoch\":1}\n");
  run.cut_metrics(10, 0);
  EXPECT_EQ(read_text_file(run.metrics()), "") << "the epoch's steps are made, but it is judged again";
}

TEST(RunFolder, StaysWhereNobodyCanLookIntoIt) {
  const TemporaryFolder folder;
  {
    const RunFolder run(folder / "run", false);
    std::filesystem::remove_all(folder / "run");
    std::filesystem::create_symlink("run", folder / "run");  // leads in a circle
  }
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "run"));
}

}  // namespace
}  // namespace throng
