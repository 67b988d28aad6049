#include "cli/output_names.h"

#include <gtest/gtest.h>

#include <fstream>

#include "temporary_folder.h"

namespace throng {

namespace {

TEST(OutputNames, FollowThePictureAndNeverRepeat) {
  OutputNames names("out", ".png", {});
  EXPECT_EQ(names.next("a/photo.jpg"), "out/photo.png");
  EXPECT_EQ(names.next("b/photo.jpg"), "out/photo-2.png");
  EXPECT_EQ(names.next("b/photo.webp"), "out/photo-3.png");
  EXPECT_EQ(names.next("photo-2.jpg"), "out/photo-2-2.png");
  EXPECT_EQ(names.next("a b/ünter.wegs.jpg"), "out/ünter.wegs.png");
  EXPECT_EQ(names.next("noending"), "out/noending.png");
}

TEST(OutputNames, NeverReplaceAnInput) {
  const TemporaryFolder folder;
  const std::string picture = (folder / "photo.png").string();
  std::ofstream(picture) << "x";
  std::filesystem::create_directory_symlink(folder.path(), folder / "link");
  const std::vector<CountInput> inputs = {{picture, ""}};
  OutputNames names(folder / "link", ".png", inputs);
  EXPECT_EQ(names.next(picture), folder / "link" / "photo-2.png");
}

}  // namespace

}  // namespace throng
