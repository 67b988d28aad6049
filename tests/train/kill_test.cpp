#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "cli/program.h"
#include "core/checksum.h"
#include "core/draw.h"
#include "train/tiny_experiment.h"

namespace throng {
namespace {

// Training is killed with SIGKILL at ten drawn moments and resumed each time; the weights at the end are those of a run
// that was left alone.
TEST(SlowKill, TenKillsLeaveTheResultAsItWas) {
  const TemporaryFolder folder;
  ExperimentConfig config = tiny_experiment(make_dotted_data(folder.path(), 8));
  config.train.epochs = 25;
  write_file(folder / "tiny.toml", to_toml(config_tree(config)));
  const auto arguments = [&](const char* run, bool resume) {
    std::vector<std::string> words{"train", (folder / "tiny.toml").string(), "--out", (folder / run).string()};
    if (resume) words.emplace_back("--resume");
    return words;
  };

  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(run_throng(arguments("whole", false)).exit_code, 0);
  const double whole = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const Draw draw(2026, "kills");
  for (int kill = 0; kill < 10; ++kill) {
    Program program(arguments("killed", kill > 0));
    std::this_thread::sleep_for(std::chrono::duration<double>(draw.uniform(kill, 0.05, 0.45) * whole));
    program.send(SIGKILL);
    program.wait();
  }
  const ProgramResult last = run_throng(arguments("killed", true));
  ASSERT_EQ(last.exit_code, 0) << last.err;
  for (const char* name : {"last.safetensors", "best.safetensors"}) {
    EXPECT_EQ(sha256_of_file(folder / "whole" / name), sha256_of_file(folder / "killed" / name)) << name;
  }
  EXPECT_EQ(run_throng(arguments("killed", true)).exit_code, 0) << "a finished run exits at once";
}

TEST(SlowKill, CtrlCSavesAndSaysHowToResume) {
  const TemporaryFolder folder;
  ExperimentConfig config = tiny_experiment(make_dotted_data(folder.path(), 8));
  config.train.epochs = 2000;
  config.train.checkpoint_steps = 0;
  write_file(folder / "tiny.toml", to_toml(config_tree(config)));
  Program program({"train", (folder / "tiny.toml").string(), "--out", (folder / "run").string()});
  while (!std::filesystem::exists(folder / "run/state.safetensors"))
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  program.send(SIGTERM);
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.exit_code, 130);
  EXPECT_NE(result.err.find("--resume"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace throng
