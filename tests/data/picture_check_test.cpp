#include "data/picture_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

#include "core/file.h"
#include "data/folder.h"
#include "data/scene_picture.h"
#include "expect_error.h"
#include "image/codec.h"
#include "image/draw.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PictureCheck : public TestFolder {
 protected:
  ManifestEntry picture(const std::string& name, int width = 12, int height = 8) const {
    save_image(filled_image(width, height, {1, 2, 3}), folder() / name);
    return {folder() / name, width, height, {}, "train", ""};
  }
};

TEST_F(PictureCheck, ASizeThatIsNotTheManifestsIsToldWithBoth) {
  const ManifestEntry entry{"a.png", 12, 8, {}, "train", ""};
  EXPECT_EQ(size_problem(entry, 12, 8), "");
  EXPECT_NO_THROW(check_size(entry, 12, 8));
  expect_error(ErrorKind::input, {"a.png", "8x12", "12x8"}, [&] { check_size(entry, 8, 12); });
  expect_error(ErrorKind::input, {"a.png", "12x9", "12x8"}, [&] { check_size(entry, 12, 9); });
}

TEST_F(PictureCheck, GoodPicturesPass) {
  const std::vector<ManifestEntry> entries{picture("a.png"), picture("b.jpg", 30, 20)};
  EXPECT_NO_THROW(check_pictures(entries, "training pictures", CheckDepth::pixels));
  EXPECT_NO_THROW(check_pictures({}, "validation pictures", CheckDepth::header));
}

TEST_F(PictureCheck, TellsOfTheFirstBadOnesAndCountsAll) {
  std::vector<ManifestEntry> entries{picture("good.png"), picture("resized.png")};
  entries[1].width = 13;
  entries.push_back({folder() / "missing.png", 12, 8, {}, "train", ""});
  entries.push_back({write("broken.png", "no picture"), 12, 8, {}, "train", ""});
  expect_error(ErrorKind::input,
               {"3 of the 4 validation pictures", "resized.png has 12x8 pixels", "13x8", "missing.png", "broken.png"},
               [&] { check_pictures(entries, "validation pictures", CheckDepth::header); });
  for (int i = 0; i < 9; ++i)
    entries.push_back({folder() / ("lost" + std::to_string(i) + ".png"), 12, 8, {}, "train", ""});
  EXPECT_THAT(message_of([&] { check_pictures(entries, "pictures", CheckDepth::header); }),
              AllOf(HasSubstr("12 of the 13"), HasSubstr("lost1.png"), Not(HasSubstr("lost2.png"))));
}

TEST_F(PictureCheck, WhatIsCutOffShowsInThePixels) {
  const Image scene = scene_picture(1);
  const ManifestEntry entry{folder() / "a.jpg", scene.width, scene.height, {}, "train", ""};
  save_image(scene, entry.image);
  const std::string whole = read_text_file(entry.image);
  write("a.jpg", whole.substr(0, whole.size() - 100));
  const std::vector<ManifestEntry> entries{entry};
  EXPECT_NO_THROW(check_pictures(entries, "pictures", CheckDepth::header));
  expect_error(ErrorKind::input, {"1 of the 1 pictures", "a.jpg ends early"},
               [&] { check_pictures(entries, "pictures", CheckDepth::pixels); });
}

TEST_F(PictureCheck, CanBeStopped) {
  const std::vector<ManifestEntry> entries{picture("a.png")};
  std::stop_source source;
  source.request_stop();
  expect_error(ErrorKind::interrupted, {},
               [&] { check_pictures(entries, "pictures", CheckDepth::header, source.get_token()); });
}

}  // namespace
}  // namespace throng
