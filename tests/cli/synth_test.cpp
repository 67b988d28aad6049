#include <gmock/gmock.h>

#include <filesystem>

#include "cli/program.h"
#include "data/manifest.h"
#include "throng/image.h"

namespace throng {
namespace {

using testing::HasSubstr;

class SynthTest : public testing::Test {
 protected:
  ProgramResult synth(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"synth", "--out", out().string()});
    return run_throng(arguments);
  }
  std::filesystem::path out() const { return folder_ / "a b/scenes"; }

  TemporaryFolder folder_;
};

TEST_F(SynthTest, WritesPicturesAndTheirManifest) {
  const ProgramResult result = synth({"--people", "14", "--size", "96x64", "--seed", "5", "--count", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string first = (out() / "scene_0001.png").string();
  EXPECT_EQ(result.out, first + "\t14\n" + (out() / "scene_0002.png").string() + "\t14\n");
  const Manifest manifest = read_manifest(out() / "manifest.jsonl");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].split, "test");
  EXPECT_EQ(manifest.entries[0].points.size(), 14U);
  EXPECT_EQ(load_image(first).width, 96);
}

TEST_F(SynthTest, DrawsPicturesWithoutPeople) {
  const ProgramResult result = synth({"--scene", "texture", "--size", "96x64", "--count", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, (out() / "scene_0001.png").string() + "\t0\n" + (out() / "scene_0002.png").string() + "\t0\n");
  EXPECT_EQ(synth({"--people", "0", "--scene", "any", "--size", "96x64"}).exit_code, 0);
  const ProgramResult people = synth({"--people", "3", "--scene", "texture"});
  EXPECT_EQ(people.exit_code, 2);
  EXPECT_THAT(people.err, HasSubstr("show nobody"));
  EXPECT_THAT(synth({"--scene", "textures"}).err, HasSubstr("landscape"));
}

TEST_F(SynthTest, RefusesBadOptionsAndLeavesNothing) {
  for (const char* size : {"96", "96x", "x64", "96x64x3", "96*64", "1e2x64", "99999999999x64"}) {
    const ProgramResult result = synth({"--size", size});
    EXPECT_EQ(result.exit_code, 2) << size;
    EXPECT_THAT(result.err, HasSubstr("is not WIDTHxHEIGHT in pixels, such as 1024x768"));
  }
  EXPECT_EQ(synth({"--people", "5000", "--size", "96x64"}).exit_code, 2);
  EXPECT_EQ(synth({"--size", "-96x64"}).exit_code, 2);
  EXPECT_EQ(synth({"--people", "-1"}).exit_code, 2);
  EXPECT_EQ(synth({"--people", "many"}).exit_code, 2);
  EXPECT_EQ(synth({"--count", "0"}).exit_code, 2);
  EXPECT_EQ(synth({"--seed", "-1"}).exit_code, 2);
  EXPECT_EQ(run_throng({"synth"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(out()));
}

}  // namespace
}  // namespace throng
