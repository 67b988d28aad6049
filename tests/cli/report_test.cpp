#include <gmock/gmock.h>

#include "cli/tiny_workplace.h"
#include "data/manifest.h"

namespace throng {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReportCommandTest : public TinyWorkplace {
 protected:
  void SetUp() override {
    Manifest manifest{.name = "tiny set", .entries = {}};
    for (std::uint64_t i = 0; i < 4; ++i) {
      manifest.entries.push_back({.image = picture(text(i, ".png"), 64, 64, i + 1),
                                  .width = 64,
                                  .height = 64,
                                  .points = {{20, 20}, {40, 50}},
                                  .split = "train",
                                  .group = {}});
    }
    write_manifest(manifest, at("m.jsonl"));
    file("tiny.toml",
         "[data]\nvalidation = 0.5\n[model]\nencoder = \"resnet18\"\nwidth = 0.02\ninit = \"kaiming\"\n"
         "[train]\nepochs = 1\nbatch = 2\ncrop = 32\nthreads = 1\n");
    trained_ = run({"train", at("tiny.toml"), "--set", "data.manifest=" + at("m.jsonl"), "--out", at("run")});
  }

  std::string page() const { return read_text_file(at("run/report.html")); }

  ProgramResult trained_;
};

TEST_F(ReportCommandTest, TrainingLeavesAReport) {
  EXPECT_EQ(trained_.exit_code, 0) << trained_.err;
  EXPECT_THAT(trained_.out, HasSubstr("report\t" + at("run/report.html") + "\n"));
  EXPECT_THAT(page(), AllOf(HasSubstr("Training run: tiny"), HasSubstr("Worst images"), HasSubstr("Term: density")));
}

TEST_F(ReportCommandTest, WritesItAnew) {
  const std::string before = page();
  std::filesystem::remove(at("run/report.html"));
  const ProgramResult result = run({"report", at("run"), "--threads", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "report\t" + at("run/report.html") + "\n");
  EXPECT_EQ(page(), before);
}

TEST_F(ReportCommandTest, CurvesNeedNoData) {
  std::filesystem::remove(at("m.jsonl"));
  EXPECT_EQ(run({"report", at("run"), "--curves"}).exit_code, 0);
  EXPECT_THAT(page(), AllOf(HasSubstr("Term: density"), Not(HasSubstr("<img"))));
}

TEST_F(ReportCommandTest, FailsWhereItCannotCount) {
  std::filesystem::rename(at("m.jsonl"), at("moved.jsonl"));
  const ProgramResult result = run({"report", at("run")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("m.jsonl"));
  EXPECT_THAT(page(), HasSubstr("Term: density"));
  EXPECT_EQ(run({"report", at("run"), "--data", at("moved.jsonl"), "--threads", "1"}).exit_code, 0);
  EXPECT_THAT(page(), HasSubstr("Worst images"));
}

TEST_F(ReportCommandTest, NeedsARun) {
  const ProgramResult result = run({"report", at(".")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("not the folder of a training run"));
}

}  // namespace

}  // namespace throng
