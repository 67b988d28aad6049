#include "data/importers/data_set_folder.h"
#include "data/importers/mat_bytes.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using ImportShanghaiTechRgbd = DataSetFolder;

TEST_F(ImportShanghaiTechRgbd, PointsAndTheCentresOfBoxes) {
  picture("train_data/train_img/IMG_0001.png");
  write("train_data/train_gt/GT_0001.mat", mat::points_file("point", 2, 2, {1, 2, 3, 4}));
  write("train_data/train_depth/DEPTH_0001.mat", "not looked at");
  picture("test_data/test_img/IMG_0002.png");
  write("test_data/test_bbox_anno/BBOX_0002.mat", mat::points_file("bbox", 2, 4, {10, -8, 20, 0, 14, 4, 30, 50}));
  picture("test_data/test_img/IMG_0003.png");
  write("test_data/test_bbox_anno/BBOX_0003.mat", mat::points_file("bbox", 0, 0, {}));
  const Manifest manifest = import("auto");
  EXPECT_EQ(manifest.name, "shanghaitech_rgbd");
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{1, 3}, {2, 4}}));
  EXPECT_EQ(manifest.entries[0].split, "train");
  EXPECT_EQ(manifest.entries[1].points, (Points{{12, 25}, {-2, 25}}));
  EXPECT_EQ(manifest.entries[1].split, "test");
  EXPECT_TRUE(manifest.entries[2].points.empty());
}

TEST_F(ImportShanghaiTechRgbd, OtherNamesOfTheSameFiles) {
  picture("test_data/test_img/IMG_0002.png");
  write("test_data/test_gt/GT_IMG_0002.mat", mat::points_file("bbox", 1, 4, {10, 20, 14, 30}));
  EXPECT_EQ(import("shanghaitech_rgbd").entries.at(0).points, (Points{{12, 25}}));
}

TEST_F(ImportShanghaiTechRgbd, SaysWhatIsWrong) {
  EXPECT_THAT(problem("shanghaitech_rgbd"), HasSubstr("train_data/train_img"));
  picture("train_data/train_img/IMG_0001.png");
  EXPECT_THAT(problem("shanghaitech_rgbd"), AllOf(HasSubstr("train_img are missing"), HasSubstr("train_gt")));
  write("train_data/train_gt/GT_0007.mat", mat::points_file("point", 1, 2, {1, 2}));
  EXPECT_THAT(problem("shanghaitech_rgbd"), AllOf(HasSubstr("IMG_0001.png is missing"), HasSubstr("GT_0001.mat")));
  write("train_data/train_gt/GT_0001.mat", mat::points_file("other", 1, 2, {1, 2}));
  EXPECT_THAT(problem("shanghaitech_rgbd"), HasSubstr("'point' or 'points' or 'bbox'"));
  write("train_data/train_gt/GT_0001.mat", mat::points_file("point", 1, 2, {1, 2}));
  EXPECT_EQ(import("shanghaitech_rgbd").entries.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("missing and left out"), HasSubstr("IMG_0007.png"))));
}

}  // namespace
}  // namespace throng
