#include "data/importers/data_set_folder.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using ImportJhu = DataSetFolder;

TEST_F(ImportJhu, ReadsHeadsLabelsAndEmptyFiles) {
  picture("train/images/0001.jpg");
  write("train/gt/0001.txt", "10 5 8 9 1 0\n-3 200 4 4 2 1\n");
  picture("train/images/0002.jpg");
  write("train/gt/0002.txt", "");
  write("train/image_labels.txt", "0001,2,street protest,2,0\n0002,0,statues,0,1\n");
  picture("val/images/0003.jpg");
  std::string many;
  for (int i = 0; i < 501; ++i) many += "1 1 2 2 1 0\n";
  write("val/gt/0003.txt", many);
  const Manifest manifest = import("jhu");
  EXPECT_EQ(manifest.name, "jhu_crowd");
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{10, 5}, {-3, 200}}));
  EXPECT_EQ(manifest.entries[0].split, "train");
  EXPECT_THAT(manifest.entries[0].labels, UnorderedElementsAre(Pair("scene", "street protest"), Pair("weather", "rain"),
                                                               Pair("distractor", "no"), Pair("level", "low")));
  EXPECT_TRUE(manifest.entries[1].points.empty());
  EXPECT_EQ(manifest.entries[1].people(), 0);
  EXPECT_EQ(manifest.entries[1].labels.at("distractor"), "yes");
  EXPECT_EQ(manifest.entries[1].labels.at("weather"), "none");
  EXPECT_EQ(manifest.entries[2].split, "val");
  EXPECT_EQ(manifest.entries[2].labels.at("level"), "high");
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportJhu, ToleratesByteOrderMarksAndCarriageReturns) {
  picture("test/images/7.jpg");
  write("test/gt/7.txt",
        "\xef\xbb\xbf"
        "10 5 8 9 1 0\r\n\r\n11 6 8 9 1 0\r\n");
  write("test/image_labels.txt",
        "\xef\xbb\xbf"
        "7.jpg, 2, mall, 3, 0\r\n");
  const Manifest manifest = import("jhu");
  EXPECT_EQ(manifest.entries[0].points, (Points{{10, 5}, {11, 6}}));
  EXPECT_EQ(manifest.entries[0].labels.at("weather"), "snow");
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportJhu, AnotherCountIsAWarningAndThePointsAreTaken) {
  picture("test/images/7.jpg");
  write("test/gt/7.txt", "10 5 8 9 1 0\n");
  write("test/image_labels.txt", "7,12,mall,3,0\n");
  EXPECT_EQ(import("jhu").entries[0].people(), 1);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("another number"), HasSubstr("said to have 12, has 1"))));
}

TEST_F(ImportJhu, SaysWhatIsWrong) {
  EXPECT_THAT(problem("jhu"), HasSubstr("gt/NAME.txt"));
  picture("train/images/0001.jpg");
  EXPECT_THAT(problem("jhu"), AllOf(HasSubstr("0001.jpg is missing"), HasSubstr("0001.txt")));
  write("train/gt/0001.txt", "1 2 3 4 1 0\nx 2\n");
  EXPECT_THAT(problem("jhu"), HasSubstr("0001.txt:2: "));
  write("train/gt/0001.txt", "");
  write("train/image_labels.txt", "0001;1\n");
  EXPECT_THAT(problem("jhu"), HasSubstr("image_labels.txt:1: "));
}

}  // namespace
}  // namespace throng
