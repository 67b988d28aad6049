#include "data/importers/data_set_folder.h"
#include "data/importers/mat_bytes.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportNwpu : public DataSetFolder {
 protected:
  void json(const std::string& id, const std::string& points, int number) const {
    write("jsons/" + id + ".json", R"({"img_id": ")" + id + R"(.jpg", "human_num": )" + std::to_string(number) +
                                       R"(, "points": )" + points + R"(, "boxes": []})");
  }
};

TEST_F(ImportNwpu, ReadsJsonMatAndListsAndKnowsWhatIsUnknown) {
  for (const char* id : {"0001", "0002", "0003", "3110"}) picture(std::string("images/") + id + ".jpg");
  json("0001", "[[1.5, 2], [-30, 4]]", 2);
  json("0002", "[]", 0);
  write("mats/0003.mat", mat::points_file("annPoints", 1, 2, {7, 8}));
  write("train.txt", "0001 3 1\n0002 0 0\n");
  write("val.txt", "0003 1 2\n");
  write("test.txt", "3110\n");
  const Manifest manifest = import("nwpu");
  EXPECT_EQ(manifest.name, "nwpu_crowd");
  ASSERT_EQ(manifest.entries.size(), 4U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{1.5, 2}, {-30, 4}}));
  EXPECT_EQ(manifest.entries[0].labels.at("level"), "3");
  EXPECT_EQ(manifest.entries[0].labels.at("scene"), "1");
  EXPECT_TRUE(manifest.entries[1].annotated);
  EXPECT_EQ(manifest.entries[1].people(), 0);
  EXPECT_EQ(manifest.entries[2].split, "val");
  EXPECT_EQ(manifest.entries[2].points, (Points{{7, 8}}));
  EXPECT_EQ(manifest.entries[3].split, "test");
  EXPECT_FALSE(manifest.entries[3].annotated);
  EXPECT_EQ(manifest.entries[3].people(), std::nullopt);
  EXPECT_TRUE(manifest.entries[3].labels.empty());
  EXPECT_THAT(messages.warnings, IsEmpty());
}

TEST_F(ImportNwpu, OtherSpellingsOfListsIdsAndFolders) {
  picture("images_part1/0001.jpg");
  picture("images_part2/0002.jpg");
  json("0001", "[[1, 2]]", 1);
  write("NWPU_list_train.txt",
        "\xef\xbb\xbf"
        "1\r\n");
  write("NWPU_list_val.txt", "images/0002.jpg\r\n");
  write("NWPU_val_gt_loc.txt", "2 2 10 11 3 4 1 20 21 5 6 2\r\n");
  const Manifest manifest = import("auto");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].image, folder() / "images_part1/0001.jpg");
  EXPECT_EQ(manifest.entries[0].points, (Points{{1, 2}}));
  EXPECT_EQ(manifest.entries[1].points, (Points{{10, 11}, {20, 21}}));
  EXPECT_EQ(manifest.entries[1].split, "val");
}

TEST_F(ImportNwpu, LocatedHeadsInTheirFormsAndCounts) {
  for (const char* id : {"0005", "0006", "0007", "0008"}) picture(std::string("images/") + id + ".jpg");
  write("val.txt", "0005\n0006\n0007\n0008\n");
  write("val_gt_loc.txt", "5 0\n6 2 1 2 3 4\n7 1 1 2 9 9 0\n8 3 1 2 9 9 0\n");
  const Manifest manifest = import("nwpu");
  EXPECT_TRUE(manifest.entries[0].points.empty());
  EXPECT_EQ(manifest.entries[1].points, (Points{{1, 2}, {3, 4}}));
  EXPECT_EQ(manifest.entries[2].points, (Points{{1, 2}}));
  EXPECT_EQ(manifest.entries[3].points, (Points{{1, 2}}));
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("0008.jpg"), HasSubstr("said to have 3, has 1"))));
}

TEST_F(ImportNwpu, PicturesMayBeMissing) {
  json("0001", "[[30, 2]]", 1);
  write("train.txt", "0001\n");
  write("test.txt", "3610\n");
  const Manifest manifest = import("nwpu");
  ASSERT_EQ(manifest.entries.size(), 1U);  // of the test picture nothing is known
  EXPECT_EQ(manifest.entries[0].width, 31);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("none of the 2 pictures"), HasSubstr("3610.jpg")));
  picture("images/3610.jpg");
  EXPECT_EQ(import("nwpu").entries.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("missing and left out"), HasSubstr("0001.jpg"))));
}

TEST_F(ImportNwpu, SaysWhatIsWrong) {
  EXPECT_THAT(problem("nwpu"), HasSubstr("NWPU_list_train.txt"));
  EXPECT_THAT(problem("nwpu", "none"), HasSubstr("none"));
  picture("images/0001.jpg");
  write("train.txt", "0001\n");
  EXPECT_THAT(problem("nwpu"), AllOf(HasSubstr("train.txt:1: "), HasSubstr("0001.json"), HasSubstr("gt_loc.txt")));
  write("jsons/0001.json", "{\"points\": [[1]]}");
  EXPECT_THAT(problem("nwpu"), AllOf(HasSubstr("0001.json"), HasSubstr("point 0")));
  write("jsons/0001.json", "{\"points\": [], \"human_num\": 1e300}");
  EXPECT_THAT(problem("nwpu"), HasSubstr("human_num"));
  write("jsons/0001.json", "{");
  EXPECT_THAT(problem("nwpu"), HasSubstr("not valid JSON"));
  std::filesystem::remove(folder() / "jsons/0001.json");
  for (const char* line : {"1", "1 x", "1 -1", "1 2 3 4 5", "1 1 x 2", "1 1 1 2 3 4 5 6"}) {
    write("val_gt_loc.txt", std::string("\n") + line + "\n");
    EXPECT_THAT(problem("nwpu"), HasSubstr("val_gt_loc.txt:2: ")) << line;
  }
}

}  // namespace
}  // namespace throng
