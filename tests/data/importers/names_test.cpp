#include "data/importers/names.h"

#include <gtest/gtest.h>

namespace throng {
namespace {

TEST(SplitNames, UnderstandsWhatPeopleWrite) {
  EXPECT_EQ(split_called("Train"), "train");
  EXPECT_EQ(split_called("val2017"), "val");
  EXPECT_EQ(split_called("validation"), "val");
  EXPECT_EQ(split_called("testing"), "test");
  EXPECT_EQ(split_called("default"), "");
  EXPECT_EQ(split_called(""), "");
}

TEST(SplitNames, FoldersSpeakOnlyWhenTheySayNothingElse) {
  EXPECT_EQ(split_of_folders("images/val2017/7.jpg"), "val");
  EXPECT_EQ(split_of_folders("train/images/7.jpg"), "train");
  EXPECT_EQ(split_of_folders("train_images/7.jpg"), "train");
  EXPECT_EQ(split_of_folders("obj_train_data/7.jpg"), "train");
  EXPECT_EQ(split_of_folders("train/test/7.jpg"), "test");
  EXPECT_EQ(split_of_folders("train_station/7.jpg"), "");
  EXPECT_EQ(split_of_folders("test.jpg"), "");
}

TEST(SplitNames, FilesMaySayMore) {
  EXPECT_EQ(split_of_file_name("instances_val2017"), "val");
  EXPECT_EQ(split_of_file_name("annotations"), "");
}

}  // namespace
}  // namespace throng
