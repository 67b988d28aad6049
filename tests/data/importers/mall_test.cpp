#include "core/file.h"
#include "core/text.h"
#include "data/importers/data_set_folder.h"
#include "data/importers/mat_bytes.h"
#include "data/region_files.h"
#include "golden/golden_files.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ImportMall : public DataSetFolder {
 protected:
  /// mall_gt.mat of as many frames as there are counts: frame i has one head at (i, 2 i), from 1.
  void truth(const std::vector<std::uint8_t>& counts) const {
    const auto frames = static_cast<int>(counts.size());
    std::string cells;
    for (int i = 1; i <= frames; ++i) {
      cells += mat::structure("loc", mat::doubles(1, 2, {double(i), 2.0 * i}));
    }
    write("mall_gt.mat",
          mat::file(mat::array(mat::kCell, 1, frames, "frame", cells) + mat::logicals(frames, 1, counts, "count")));
  }
  void camera() const {
    write("perspective_roi.mat", mat::file(mat::structure("mask", mat::logicals(2, 3, {1, 0, 1, 0, 1, 1}), "roi") +
                                           mat::doubles(2, 3, {1, 4, 2, 5, 3, 6}, "pMapN")));
  }
};

TEST_F(ImportMall, FramesSplitsRegionAndPerspective) {
  truth(std::vector<std::uint8_t>(802, 1));
  camera();
  for (const char* frame : {"000007", "000800", "000801"}) picture(text("frames/seq_", frame, ".jpg"), 3, 2);
  Manifest manifest = import("auto");
  EXPECT_EQ(manifest.name, "mall");
  ASSERT_EQ(manifest.entries.size(), 3U);
  EXPECT_EQ(manifest.entries[0].points, (Points{{7, 14}}));
  EXPECT_EQ(manifest.entries[1].split, "train");
  EXPECT_EQ(manifest.entries[2].split, "test");
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("799 pictures missing and left out")));

  write_region_files(manifest, folder() / "m_masks");
  EXPECT_EQ(manifest.entries[0].roi, folder() / "m_masks/perspective_roi.png");
  EXPECT_EQ(manifest.entries[2].roi, manifest.entries[0].roi);
  EXPECT_EQ(load_region(manifest.entries[0]), (std::vector<std::uint8_t>{1, 1, 1, 0, 0, 1}));
  EXPECT_EQ(manifest.entries[0].perspective, folder() / "m_masks/perspective_roi_perspective.npy");
  const std::string array = read_text_file(manifest.entries[0].perspective);
  EXPECT_THAT(array, HasSubstr("'shape': (2, 3)"));
  ASSERT_EQ(array.size(), 128U + 6 * sizeof(float));
  float values[6];
  std::memcpy(values, array.data() + 128, sizeof values);
  EXPECT_THAT(values, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(ImportMall, AnnotationsAloneHaveTheMasksSizeAndOtherCountsAreSaid) {
  truth({1, 9});
  camera();
  const Manifest manifest = import("mall");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].width, 3);
  EXPECT_EQ(manifest.entries[0].height, 2);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("none of the 2 pictures"), HasSubstr("said to have 9, has 1")));
}

TEST_F(ImportMall, SaysWhatIsWrong) {
  EXPECT_THAT(problem("mall"), HasSubstr("mall_gt.mat"));
  write("mall_gt.mat", mat::file(mat::array(mat::kCell, 1, 1000, "frame", "")));
  EXPECT_THAT(problem("mall"), AllOf(HasSubstr("mall_gt.mat"), HasSubstr("'count'")));
  write("mall_gt.mat", mat::file(mat::array(mat::kCell, 1, 1000, "frame", "") + mat::logicals(1, 1, {1}, "count")));
  EXPECT_THAT(problem("mall"), HasSubstr("damaged or ends early"));
  write("mall_gt.mat",
        mat::file(mat::array(mat::kCell, 100000, 100000, "frame", "") + mat::logicals(1, 1, {1}, "count")));
  EXPECT_THAT(problem("mall"), HasSubstr("10000000000 cells"));
}

TEST(RealMall, ClipHasItsKnownNumbers) {
  const auto folder = golden::data_folder() / "mall_clip";
  if (!std::filesystem::is_directory(folder)) {
    GTEST_SKIP() << "no mall_clip in " << golden::data_folder() << "; THRONG_DATA names the folder";
  }
  KeptMessages messages;
  Manifest manifest = import_data_set("auto", {folder, {&messages, nullptr}});
  ASSERT_EQ(manifest.entries.size(), 120U);
  // Counted with scipy.io.loadmat: all heads lie inside the region of interest.
  std::size_t points = 0;
  for (const ManifestEntry& entry : manifest.entries) points += entry.points.size();
  EXPECT_EQ(points, 4001U);
  EXPECT_EQ(manifest.split("test").size(), 120U);
  EXPECT_EQ(manifest.entries[0].image.filename(), "seq_000801.jpg");
  EXPECT_NEAR(manifest.entries[0].points.at(0).x, 140.18253968, 1e-6);
  EXPECT_THAT(messages.warnings, ElementsAre(HasSubstr("1880 pictures missing")));
  const TemporaryFolder out;
  write_region_files(manifest, out / "masks");
  const auto region = load_region(manifest.entries[0]);
  EXPECT_EQ(std::count(region.begin(), region.end(), 1), 277153);
  for (const ManifestEntry& entry : manifest.entries) {
    EXPECT_EQ(entry.roi, manifest.entries[0].roi);
    for (const Point& point : entry.points) {
      EXPECT_EQ(region[static_cast<std::size_t>(point.y) * 640 + static_cast<std::size_t>(point.x)], 1);
    }
  }
}

}  // namespace
}  // namespace throng
