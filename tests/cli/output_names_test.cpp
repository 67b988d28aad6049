#include "cli/output_names.h"

#include <gtest/gtest.h>

#include <fstream>

#include "report/mark.h"
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

TEST(OutputNames, NeverReplaceWhatSomebodyElseMade) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.png") << "a foreign picture";
  std::ofstream(folder / "a-2.png") << "another";
  std::filesystem::create_directories(folder / "b.png");
  for (int run = 0; run < 2; ++run) {
    OutputNames names(folder.path(), ".png", {});
    EXPECT_EQ(names.next("x/a.jpg"), folder / "a-3.png");
    EXPECT_EQ(names.kept(), folder / "a.png");
    EXPECT_EQ(names.next("x/c.jpg"), folder / "c.png");
    EXPECT_EQ(names.kept(), "");
    EXPECT_EQ(names.next("x/b.jpg"), folder / "b.png") << "the writer says that it is a folder";
    // What was written then is replaced the next time.
    save_marked_png(Image{1, 1, {1, 2, 3}}, folder / "a-3.png");
    save_marked_png(Image{1, 1, {1, 2, 3}}, folder / "c.png");
  }
}

}  // namespace

}  // namespace throng
