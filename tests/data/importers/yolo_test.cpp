#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using ImportYolo = DataSetFolder;

TEST_F(ImportYolo, ReadsSharesSplitsAndClassNames) {
  picture("images/train/a.jpg");
  picture("images/val/a.jpg", 20, 10);
  picture("images/val/c.jpg");
  write("labels/train/a.txt",
        "\xef\xbb\xbf"
        "0 0.5 0.25 0.1 0.2\r\n1 0.1 0.1 0.1 0.1\r\n0 1.05 -0.5 0.2 0.2 0.93\r\n");
  write("labels/val/a.txt", "0 0.5 0.5 0.1 0.1\n");
  write("labels/val/c.txt", "");
  write("data.yaml", "train: images/train\nnames:\n  0: person\n  1: 'car'\nnc: 2\n");
  const Manifest manifest = import("auto");
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{20, 5}, {42, -10}}));
  EXPECT_EQ(manifest.entries[0].split, "train");
  EXPECT_EQ(manifest.entries[1].points, (Points{{10, 5}}));
  EXPECT_EQ(manifest.entries[1].split, "val");
  EXPECT_TRUE(manifest.entries[2].points.empty());
  EXPECT_THAT(messages.notes, ElementsAre(HasSubstr("looks like yolo"), HasSubstr("passed over: car (1)")));
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportYolo, OtherLayoutsAndLists) {
  picture("train/images/a.jpg");
  write("train/labels/a.txt", "0 0.5 0.5 0.1 0.1\n1 0.25 0.5 0.1 0.1\n");
  write("data.yaml", "names: ['car', \"head\"]\n");
  EXPECT_EQ(import("yolo").entries.at(0).points, (Points{{10, 10}}));
  write("data.yaml", "nc: 2\nnames:\n- head\n- car\n");
  EXPECT_EQ(import("yolo").entries.at(0).points, (Points{{20, 10}}));
  std::filesystem::remove(folder() / "data.yaml");
  write("classes.txt", "car\r\nperson\r\n");
  EXPECT_EQ(import("yolo").entries.at(0).points, (Points{{10, 10}}));
  std::filesystem::remove(folder() / "classes.txt");
  EXPECT_EQ(import("yolo").entries.at(0).points.size(), 2U);  // numbers alone say nothing
  EXPECT_EQ(import("yolo", "", {"1"}).entries.at(0).points, (Points{{10, 10}}));
}

TEST_F(ImportYolo, OutlinesBesideThePictureAndKeyPoints) {
  picture("a.jpg");
  write("a.txt", "0 0 0 0.5 0 0.5 1\n");
  EXPECT_EQ(import("yolo").entries.at(0).points, (Points{{10, 10}}));
  write("a.txt", "0 0.5 0.5 0.1 0.1 0.2 0.2 2 0.3 0.3 2\n");
  write("data.yaml", "kpt_shape: [2, 3]\nnames: [person]\n");
  EXPECT_EQ(import("yolo").entries.at(0).points, (Points{{20, 10}}));
}

TEST_F(ImportYolo, PicturesWithoutFileAreLeftOut) {
  picture("images/a.jpg");
  picture("images/b.jpg");
  write("labels/a.txt", "0 0.5 0.5 0.1 0.1\n");
  write("labels/gone.txt", "0 0.5 0.5 0.1 0.1\n");
  EXPECT_EQ(import("yolo").entries.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("without annotation"), HasSubstr("b.jpg"))));
}

TEST_F(ImportYolo, SaysWhatIsWrong) {
  write("labels/a.txt", "0 0.5 0.5 0.1 0.1\n");
  EXPECT_THAT(problem("yolo"), HasSubstr("Without the pictures, relative boxes have no place"));
  picture("images/a.jpg");
  write("labels/a.txt", "0 0.5 0.5 0.1 0.1\n0 20 10 4 2\n");
  EXPECT_THAT(problem("yolo"), AllOf(HasSubstr("a.txt:2: "), HasSubstr("not pixels")));
  write("labels/a.txt", "0 0.5 0.5\n");
  EXPECT_THAT(problem("yolo"), AllOf(HasSubstr("a.txt:1: "), HasSubstr("found 3 numbers")));
  write("labels/a.txt", "person 0.5 0.5 0.1 0.1\n");
  EXPECT_THAT(problem("yolo"), HasSubstr("'person' is no number"));
}

}  // namespace
}  // namespace throng
