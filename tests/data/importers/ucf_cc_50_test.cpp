#include "data/importers/data_set_folder.h"
#include "data/importers/mat_bytes.h"
#include "golden/golden_files.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportUcfCc50 : public DataSetFolder {
 protected:
  void annotation(const std::string& number, int rows, const std::vector<double>& by_column) const {
    write(number + "_ann.mat", mat::points_file("annPoints", rows, 2, by_column));
  }
};

TEST_F(ImportUcfCc50, FoldsAreTenConsecutiveNumbers) {
  for (const char* number : {"1", "10", "11", "50"}) {
    picture(std::string(number) + ".jpg");
    annotation(number, 1, {3, 4});
  }
  const Manifest manifest = import("ucf_cc_50");
  EXPECT_EQ(manifest.name, "ucf_cc_50");
  std::vector<std::string> splits;
  for (const ManifestEntry& entry : manifest.entries) splits.push_back(entry.image.stem().string() + " " + entry.split);
  EXPECT_THAT(splits, ElementsAre("1 fold1", "10 fold1", "11 fold2", "50 fold5"));
  EXPECT_EQ(manifest.entries[0].points, (Points{{3, 4}}));
  EXPECT_EQ(manifest.entries[0].width, 40);
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportUcfCc50, EmptyListsAndPointsOutsideAreKept) {
  picture("2.jpg");
  annotation("2", 0, {});
  picture("3.jpg");
  annotation("3", 2, {-5, 100, 7, 8});
  const Manifest manifest = import("ucf_cc_50");
  EXPECT_TRUE(manifest.entries[0].points.empty());
  EXPECT_TRUE(manifest.entries[0].annotated);
  EXPECT_EQ(manifest.entries[1].points, (Points{{-5, 7}, {100, 8}}));
}

TEST_F(ImportUcfCc50, MissingPicturesAreLeftOutAmongOthers) {
  picture("1.jpg");
  annotation("1", 1, {3, 4});
  annotation("2", 1, {5, 6});
  const Manifest manifest = import("ucf_cc_50");
  EXPECT_EQ(manifest.entries.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("1 picture missing and left out"), HasSubstr("2.jpg"))));
}

TEST_F(ImportUcfCc50, AnnotationsAloneHoldTheirPoints) {
  annotation("7", 2, {3, 30.5, 4, 12});
  annotation("8", 0, {});
  const Manifest manifest = import("ucf_cc_50");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].width, 31);
  EXPECT_EQ(manifest.entries[0].height, 13);
  EXPECT_EQ(manifest.entries[1].width, 1);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("none of the 2 pictures is there"), HasSubstr("7.jpg"))));
}

TEST_F(ImportUcfCc50, SaysWhatIsWrong) {
  EXPECT_THAT(problem("ucf_cc_50"), HasSubstr("1_ann.mat"));
  EXPECT_THAT(problem("ucf_cc_50", "none"), HasSubstr("none"));
  picture("1.jpg");
  EXPECT_THAT(problem("ucf_cc_50"), AllOf(HasSubstr("1.jpg is missing"), HasSubstr("1_ann.mat")));
  write("1_ann.mat", mat::points_file("other", 1, 2, {1, 2}));
  EXPECT_THAT(problem("ucf_cc_50"), AllOf(HasSubstr("1_ann.mat"), HasSubstr("'annPoints'")));
  write("1_ann.mat", mat::points_file("annPoints", 1, 3, {1, 2, 3}));
  EXPECT_THAT(problem("ucf_cc_50"), HasSubstr("annPoints is 1 x 3"));
  annotation("1", 1, {1, 2});
  picture("51.jpg");
  picture("cover.jpg");
  EXPECT_EQ(import("ucf_cc_50").entries.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("2 pictures left out"), HasSubstr("51.jpg"))));
}

TEST(RealUcfCc50, HasItsKnownNumbers) {
  const auto folder = golden::data_folder() / "ucf_cc_50";
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "no UCF_CC_50 in " << golden::data_folder() << "; THRONG_DATA names the folder";
  }
  const Manifest manifest = import_data_set("auto", {folder});
  EXPECT_EQ(manifest.name, "ucf_cc_50");
  ASSERT_EQ(manifest.entries.size(), 50U);
  std::size_t points = 0;
  for (const ManifestEntry& entry : manifest.entries) points += entry.points.size();
  EXPECT_EQ(points, 63974U);  // counted with scipy.io.loadmat
  for (int fold = 1; fold <= 5; ++fold) EXPECT_EQ(manifest.split("fold" + std::to_string(fold)).size(), 10U);
}

}  // namespace
}  // namespace throng
