#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/folder.h"
#include "data/manifest.h"
#include "data/scene_picture.h"
#include "image/codec.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Severity = ManifestProblem::Severity;

class CheckManifest : public TestFolder {
 protected:
  ManifestEntry entry(const std::string& name, std::uint64_t seed, std::vector<Point> points,
                      const std::string& split = "train") const {
    const Image image = scene_picture(seed);
    save_image(image, folder() / name);
    return {folder() / name, image.width, image.height, std::move(points), split, ""};
  }
  static std::vector<std::string> sentences(const Manifest& manifest, Severity severity) {
    std::vector<std::string> found;
    for (const ManifestProblem& problem : check_manifest(manifest)) {
      if (problem.severity == severity) found.push_back(problem.sentence);
    }
    return found;
  }
};

TEST_F(CheckManifest, HasNothingToSayOfAGoodOne) {
  Manifest manifest;
  manifest.entries = {entry("a.png", 1, {{1, 2}, {319.5, 239.5}, {0, 0}}), entry("b.png", 2, {{1, 2}}, "test")};
  EXPECT_TRUE(check_manifest(manifest).empty());
}

TEST_F(CheckManifest, CountsPointsOutsideRepeatedAndAbsent) {
  Manifest manifest;
  manifest.entries = {entry("a.png", 1, {{-1, 2}, {320, 5}, {5, 5}, {5, 5}, {5, 5}}), entry("b.png", 2, {{1, 240}}),
                      entry("c.png", 3, {}), entry("d.png", 4, {{1, 1}, {1, 1}}, "test")};
  EXPECT_THAT(sentences(manifest, Severity::error), IsEmpty());
  EXPECT_THAT(sentences(manifest, Severity::note),
              ElementsAre(AllOf(HasSubstr("train: 3 head annotations lie outside"), HasSubstr("in 2 images"),
                                HasSubstr("a.png")),
                          AllOf(HasSubstr("test: 1 head annotations repeat"), HasSubstr("d.png")),
                          AllOf(HasSubstr("train: 2 head annotations repeat"), HasSubstr("in 1 image)")),
                          AllOf(HasSubstr("train: 1 images without head"), HasSubstr("c.png"))));
}

TEST_F(CheckManifest, UnknownTruthIsNoEmptyScene) {
  Manifest manifest;
  manifest.entries = {entry("a.png", 1, {}, "test")};
  manifest.entries[0].annotated = false;
  EXPECT_THAT(sentences(manifest, Severity::note), ElementsAre(HasSubstr("test: 1 images whose heads are not marked")));
}

TEST_F(CheckManifest, MissingBrokenWrongAndRepeatedImagesAreErrors) {
  Manifest manifest;
  manifest.entries = {entry("a.png", 1, {{1, 1}}), entry("b.png", 2, {{1, 1}}), entry("a.png", 1, {{1, 1}}, "test")};
  manifest.entries[1].width = 100;
  manifest.entries.push_back({folder() / "none.png", 5, 5, {{1, 1}}, "train", ""});
  manifest.entries.push_back({write("broken.jpg", "no picture"), 5, 5, {{1, 1}}, "train", ""});
  const auto errors = sentences(manifest, Severity::error);
  EXPECT_EQ(errors.size(), 4U);
  EXPECT_THAT(errors, Contains(AllOf(HasSubstr("b.png"), HasSubstr("320x240"), HasSubstr("100x240"))));
  EXPECT_THAT(errors, Contains(HasSubstr("none.png")));
  EXPECT_THAT(errors, Contains(HasSubstr("broken.jpg")));
  EXPECT_THAT(errors, Contains(AllOf(HasSubstr("a.png (test) is listed twice"), HasSubstr("split train"))));
  EXPECT_THAT(sentences({}, Severity::error), ElementsAre(HasSubstr("no images")));
}

TEST_F(CheckManifest, NearlyIdenticalPicturesAreNoted) {
  Manifest manifest;
  manifest.entries = {entry("a.png", 1, {{1, 1}}), entry("a2.png", 1, {{1, 1}}), entry("a3.png", 1, {{1, 1}}, "test")};
  manifest.entries[0].group = manifest.entries[1].group = "g";
  EXPECT_THAT(
      sentences(manifest, Severity::note),
      ElementsAre(AllOf(HasSubstr("a.png (train) and"), HasSubstr("a3.png (test)"), HasSubstr("different splits")),
                  AllOf(HasSubstr("a2.png (train) and"), HasSubstr("different splits"))));
  manifest.entries[1].group = "";
  EXPECT_THAT(sentences(manifest, Severity::note),
              Contains(AllOf(HasSubstr("a2.png"), HasSubstr("without a common group"))));
}

}  // namespace
}  // namespace throng
