#include "data/importers/data_set_folder.h"
#include "data/importers/mat_bytes.h"
#include "data/region_files.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImportTrancos : public DataSetFolder {
 protected:
  /// A dot picture of 40 x 20 with single red pixels.
  void dots(const std::string& name, const std::vector<std::pair<int, int>>& places) const {
    Image image = filled_image(40, 20, {});
    for (const auto& [x, y] : places) image.pixel(x, y)[0] = 255;
    std::filesystem::create_directories((folder() / name).parent_path());
    save_image(image, folder() / name);
  }
};

TEST_F(ImportTrancos, ReadsTextAndDotsSplitsAndMasks) {
  for (const char* name : {"a", "b", "c", "d"}) picture(std::string("images/") + name + ".jpg");
  write("images/a.txt", "10\t5\r\n39\t30\r\n");
  dots(
      "images/b"
      "dots.png",
      {{3, 4}, {4, 4}});
  write("images/c.txt", "");
  write("images/d.txt", "1\t1\n");
  // 20 rows, 40 columns, the left half inside.
  std::vector<std::uint8_t> left(800, 0);
  std::fill(left.begin(), left.begin() + 400, 1);
  write("images/amask.mat", mat::file(mat::logicals(20, 40, left, "BW")));
  write("image_sets/training.txt", "a.jpg\r\n");
  write("image_sets/validation.txt", "b.jpg\n");
  write("image_sets/trainval.txt", "a.jpg\nb.jpg\n");
  write("image_sets/test.txt", "c.jpg\n");
  Manifest manifest = import("trancos");
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{10, 5}, {39, 30}}));
  EXPECT_EQ(manifest.entries[0].split, "train");
  EXPECT_EQ(manifest.entries[1].points, (Points{{3.5, 4.5}, {4.5, 4.5}}));
  EXPECT_EQ(manifest.entries[1].split, "val");
  EXPECT_TRUE(manifest.entries[1].roi.empty());
  EXPECT_TRUE(manifest.entries[2].points.empty());
  EXPECT_EQ(manifest.entries[2].split, "test");
  EXPECT_THAT(messages.warnings, ElementsAre(AllOf(HasSubstr("in none of the lists"), HasSubstr("d.jpg"))));

  write_region_files(manifest, folder() / "m_masks");
  EXPECT_EQ(manifest.entries[0].roi, folder() / "m_masks/amask.png");
  const auto region = load_region(manifest.entries[0]);
  ASSERT_EQ(region.size(), 800U);
  EXPECT_EQ(region[19], 1);
  EXPECT_EQ(region[20], 0);
  EXPECT_EQ(region[780], 0);
  EXPECT_EQ(region[779], 1);
  EXPECT_EQ(load_region(manifest.entries[1]), std::vector<std::uint8_t>(800, 1));
}

TEST_F(ImportTrancos, TrainvalStandsInForItsParts) {
  picture("images/a.jpg");
  write("images/a.txt", "1\t2\n");
  write("image_sets/trainval.txt", "a.jpg\n");
  EXPECT_EQ(import("auto").entries.at(0).split, "train");
}

TEST_F(ImportTrancos, TextAndDotsShouldAgree) {
  picture("images/a.jpg");
  write("images/a.txt", "1\t2\n");
  dots(
      "images/a"
      "dots.png",
      {{3, 4}, {10, 4}});
  write("image_sets/test.txt", "a.jpg\n");
  EXPECT_EQ(import("trancos").entries.at(0).points.size(), 1U);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("said to have 2, has 1")));
}

TEST_F(ImportTrancos, WithoutPicturesTheMaskKnowsTheSize) {
  write("images/a.txt", "1\t2\n");
  write("images/amask.mat", mat::file(mat::logicals(2, 3, {1, 1, 1, 1, 1, 0}, "BW")));
  write("image_sets/test.txt", "a.jpg\n");
  const Manifest manifest = import("trancos");
  EXPECT_EQ(manifest.entries.at(0).width, 3);
  EXPECT_EQ(manifest.entries.at(0).height, 2);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("none of the 1 pictures")));
}

TEST_F(ImportTrancos, SaysWhatIsWrong) {
  EXPECT_THAT(problem("trancos"), AllOf(HasSubstr("image_sets/training.txt"), HasSubstr("NAMEdots.png")));
  picture("images/a.jpg");
  write("image_sets/test.txt", "a.jpg\n");
  EXPECT_THAT(problem("trancos"), AllOf(HasSubstr("a.jpg is missing"), HasSubstr("a.txt")));
  write("images/a.txt", "1\t2\n");
  write("images/amask.mat", mat::file(mat::logicals(2, 3, {1, 1, 1, 1, 1, 0}, "BW")));
  Manifest manifest = import("trancos");
  EXPECT_THAT(message_of([&] { write_region_files(manifest, folder() / "m_masks"); }),
              AllOf(HasSubstr("amask.mat"), HasSubstr("3x2"), HasSubstr("40x20")));
}

}  // namespace
}  // namespace throng
