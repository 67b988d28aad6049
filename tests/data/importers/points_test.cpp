#include "data/importers/layouts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "data/folder.h"
#include "data/messages.h"
#include "image/codec.h"
#include "image/draw.h"
#include "image/own_mark.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ImportPoints : public TestFolder {
 protected:
  void picture(const std::string& name, int width = 12, int height = 8) const {
    std::filesystem::create_directories((folder() / name).parent_path());
    save_image(filled_image(width, height, {1, 2, 3}), folder() / name);
  }
};

TEST_F(ImportPoints, TakesPicturesWithTheirTextBesideThem) {
  picture("10.png");
  write("10.csv", "x,y\n3,4\n");
  picture("2.jpg", 30, 20);
  write("2.txt", "");
  picture("sub folder/ü.png");
  write("sub folder/ü.txt", "1 2\n100 200\n");
  picture("unlabelled.png");
  KeptMessages messages;
  const Manifest manifest = import_points({folder(), {&messages, nullptr}});
  EXPECT_EQ(manifest.name, folder().filename().string());
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].image, folder() / "2.jpg");
  EXPECT_EQ(manifest.entries[0].width, 30);
  EXPECT_EQ(manifest.entries[0].height, 20);
  EXPECT_TRUE(manifest.entries[0].points.empty());
  EXPECT_EQ(manifest.entries[1].points, (std::vector<Point>{{3, 4}}));
  EXPECT_EQ(manifest.entries[2].points, (std::vector<Point>{{1, 2}, {100, 200}}));
  for (const auto& entry : manifest.entries) EXPECT_EQ(entry.split, "train");
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("unlabelled.png"), HasSubstr("unlabelled.txt"))));
}

TEST_F(ImportPoints, TakesDotPicturesUnderBothNames) {
  for (const char* name : {"a", "b"}) picture(std::string(name) + ".jpg");
  Image dots = filled_image(12, 8, {});
  dots.pixel(3, 4)[0] = 255;
  save_image(dots, folder() / "a_dots.png");
  save_image(filled_image(12, 8, {}), folder() / "bdots.png");
  const Manifest manifest = import_points({folder()});
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].points, (std::vector<Point>{{3.5, 4.5}}));
  EXPECT_TRUE(manifest.entries[1].points.empty());
  write("a.csv", "1,2\n");
  EXPECT_THAT(message_of([&] { import_points({folder()}); }),
              AllOf(HasSubstr("two annotations"), HasSubstr("a.csv and a_dots.png")));
}

TEST_F(ImportPoints, RefusesAmbiguityBadTextAndEmptyFolders) {
  EXPECT_THAT(message_of([&] { import_points({folder()}); }),
              AllOf(HasSubstr("there are no pictures in the folder"), HasSubstr("expected NAME.txt")));
  picture("a.png");
  EXPECT_THAT(message_of([&] { import_points({folder()}); }), HasSubstr("has 1 picture but no annotations; expected"));
  write("a.txt", "1 2 3\n");
  EXPECT_THAT(message_of([&] { import_points({folder()}); }), HasSubstr("a.txt:1"));
  write("a.csv", "1,2\n");
  EXPECT_THAT(message_of([&] { import_points({folder()}); }), HasSubstr("two annotations"));
  std::filesystem::remove(folder() / "a.txt");
}

TEST_F(ImportPoints, PassesOverWhatThrongDrew) {
  picture("a.jpg");
  write("a.txt", "1 2\n");
  // As counting draws them into the photos' own folder: of the same name, and beside one of that name.
  for (const char* name : {"a.png", "a-2.png"}) {
    write_file(folder() / name, with_mark(encode_png(filled_image(12, 8, {1, 2, 3}))));
  }
  KeptMessages messages;
  const Manifest manifest = import_points({folder(), {&messages, nullptr}});
  ASSERT_EQ(manifest.entries.size(), 1U);
  EXPECT_EQ(manifest.entries[0].image, folder() / "a.jpg");
  EXPECT_THAT(messages.warnings, ElementsAre());
  EXPECT_THAT(messages.notes, ElementsAre("passed over 2 drawings, which Throng made of other pictures"));
}

TEST_F(ImportPoints, RefusesOneAnnotationOfTwoPictures) {
  picture("x.jpg");
  picture("x.png");
  write("x.txt", "1 2\n");
  EXPECT_THAT(message_of([&] { import_points({folder()}); }),
              AllOf(HasSubstr((folder() / "x.txt").string()), HasSubstr("x.jpg or to x.png"), HasSubstr("rename")));
  std::filesystem::rename(folder() / "x.png", folder() / "y.png");
  EXPECT_EQ(import_points({folder()}).entries.size(), 1U);
  // Of the same name in another folder is something else.
  picture("sub/x.png");
  write("sub/x.txt", "");
  EXPECT_EQ(import_points({folder()}).entries.size(), 2U);
}

TEST_F(ImportPoints, LeavesOutPicturesThatCannotBeReadAndSaysWhich) {
  for (const char* name : {"a", "b", "c", "d"}) write(std::string(name) + ".txt", "1 2\n");
  picture("a.png");
  write("b.jpg", "");
  write("c.bmp", "BM no longer read");
  picture("d.jpg");
  KeptMessages messages;
  const Manifest manifest = import_points({folder(), {&messages, nullptr}});
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[1].image, folder() / "d.jpg");
  EXPECT_EQ(manifest.unreadable, (std::vector{folder() / "b.jpg", folder() / "c.bmp"}));
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("left out"), HasSubstr("b.jpg"), HasSubstr("empty")),
                                             AllOf(HasSubstr("left out"), HasSubstr("c.bmp"))));
  for (const char* name : {"a.png", "d.jpg"}) write(name, "no picture");
  EXPECT_THAT(message_of([&] { import_points({folder()}); }), HasSubstr("none of the annotated pictures"));
}

}  // namespace
}  // namespace throng
