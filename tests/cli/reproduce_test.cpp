#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "cli/program.h"
#include "core/text.h"
#include "reproduce/tiny_reproduction.h"

namespace throng {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// What scripts rely on, word for word.
constexpr const char* kRows[][2] = {
    {"table4",
     "average,concat,moe,ord_13_2,ord_12_3,ord_1_23,image_weights,hard_weights,channel_gating,without_attention,"
     "without_importance,hmode"},
    {"table5", "2conv,4conv,6conv,resblock,msblock"},
    {"table6", "EB1,EB2,EB3,DB3,DB2,DB1"},
    {"table7", "3conv,6conv,9conv,resblock,msblock"},
    {"table8", "K3N2D2,K4N2D2,K4N3D2,K3N2D3"},
    {"table9", "hmode,grl,alc,db_rel,ob_rel,rel_random,rel_matryoshka,rel_hard"},
    {"table10", "csrnet,csrnet_rel,dmcount,dmcount_rel"},
    {"table11", "sublists_1,sublists_2,sublists_3,sublists_4,sublists_5"},
    {"figure6", "w_64,w_32,w_16,w_8,w_4,S_3,S_6,S_9,S_12,S_21,S_30"},
    {"table1", "baseline,hmode,hmode_rel"},
    {"table2", "crop512"},
    {"table3", "trancos"},
    {"table12", "levels"},
};

class ReproduceCommand : public TinyReproduction {
 protected:
  std::vector<std::string> command(const std::vector<std::string>& words) const {
    std::vector<std::string> all = {"reproduce", "--out", (folder_ / "run").string()};
    all.insert(all.end(), words.begin(), words.end());
    for (const std::string& change : changes_) {
      all.emplace_back("--set");
      all.push_back(change);
    }
    return all;
  }
  static std::vector<std::string> surroundings() {
    return {"THRONG_CONFIGS=" + (std::filesystem::path(THRONG_SOURCE_DIR) / "configs").string()};
  }
  ProgramResult run(const std::vector<std::string>& words) const {
    return run_throng(command(words), "", surroundings());
  }
};

TEST_F(ReproduceCommand, ListsEveryRow) {
  std::string expected;
  for (const auto& [table, rows] : kRows) {
    for (const std::string& row : split(rows, ',')) expected += text(table, "/", row, "\n");
  }
  const ProgramResult result = run_throng({"reproduce", "--list"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, expected);
}

TEST_F(ReproduceCommand, HelpNamesEveryDataSet) {
  // However its lines are broken.
  std::string words;
  for (const char letter : run_throng({"reproduce", "--help"}).out) {
    if (letter != '\n' && (letter != ' ' || !words.ends_with(' '))) words += letter;
    if (letter == '\n' && !words.ends_with(' ')) words += ' ';
  }
  EXPECT_THAT(words, HasSubstr("this data set instead: sha, shb, jhu, trancos "));
  EXPECT_THAT(run({"table4", "--on", "shc"}).err, HasSubstr("choose sha, shb, jhu, trancos"));
}

TEST_F(ReproduceCommand, PrintsTheTableAndKeepsIt) {
  const ProgramResult first = run({"table4", "--rows", "average", "--epochs", "2"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out,
              AllOf(StartsWith("## Table IV: "), HasSubstr("\n| average | 66.3 | "), Not(HasSubstr("| moe"))));
  EXPECT_EQ(first.out, text_of("run/table4.md"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "run/table4.html"));
  EXPECT_THAT(first.err, HasSubstr("1 training for 1 row: about "));

  const ProgramResult again = run({"table4", "--rows=average", "--epochs=2"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, first.out);
  EXPECT_THAT(again.err, Not(HasSubstr("training")));
}

TEST_F(ReproduceCommand, SaysWhatIsWrongWithTheCommand) {
  const auto complains = [&](const std::vector<std::string>& words, const std::string& part) {
    const ProgramResult result = run(words);
    EXPECT_EQ(result.exit_code, 2) << part;
    EXPECT_THAT(result.err, HasSubstr(part));
    EXPECT_EQ(result.out, "");
  };
  complains({"table4", "--rows", "mo"}, "no row 'mo'");
  complains({"table44"}, "did you mean 'table4'");
  complains({}, "name the tables");
  complains({"table4", "--encoder", "vgg"}, "no encoder 'vgg'");
  complains({"table4", "--epochs", "0"}, "--epochs");
  EXPECT_EQ(run_throng({"reproduce", "table4"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run")) << "nothing is made for a command that is wrong";
}

TEST_F(ReproduceCommand, NothingThatCouldBeRunIsUnreadableInput) {
  changes_.clear();
  const ProgramResult result = run({"table3", "--data", folder_.path().string()});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.out, HasSubstr("not run: needs TRANCOS (not found in "));
}

TEST_F(ReproduceCommand, RowsThatFailEndWithAFailure) {
  const ProgramResult result = run({"figure6", "--rows", "w_64"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("failed: "));
}

// Stopped in the middle, then called again.
class StoppedReproduceCommand : public ReproduceCommand, public testing::WithParamInterface<int> {
 protected:
  StoppedReproduceCommand() { std::erase(changes_, "train.epochs=2"); }

  /// Sends a signal when something is saved.
  ProgramResult run_until_signal(const std::vector<std::string>& words, int signal_number) const {
    Program program(command(words), "", surroundings());
    constexpr int kMostLooks = 3000;
    for (int i = 0; i < kMostLooks && !has_state(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    program.send(signal_number);
    return program.wait();
  }

 private:
  bool has_state() const {
    if (!std::filesystem::exists(folder_ / "run/networks")) return false;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "run/networks")) {
      if (entry.path().filename() == "state.safetensors") return true;
    }
    return false;
  }
};

TEST_P(StoppedReproduceCommand, GoesOnWithTheSameWords) {
  const std::vector<std::string> words = {"table4", "--rows", "average", "--epochs", "30"};
  const ProgramResult stopped = run_until_signal(words, GetParam());
  EXPECT_EQ(stopped.exit_code, GetParam() == SIGKILL ? 128 + SIGKILL : 130) << stopped.err;
  EXPECT_EQ(stopped.out, "");
  if (GetParam() != SIGKILL) {
    EXPECT_THAT(stopped.err, HasSubstr("the same command goes on"));
  }
  const ProgramResult rest = run(words);
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("resuming at step"));
  EXPECT_THAT(rest.out, HasSubstr("| average | 66.3 | "));
}

INSTANTIATE_TEST_SUITE_P(Signals, StoppedReproduceCommand, testing::Values(SIGINT, SIGKILL));

}  // namespace
}  // namespace throng
