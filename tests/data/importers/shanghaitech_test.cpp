#include "data/importers/layouts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <set>

#include "data/density.h"
#include "data/folder.h"
#include "data/importers/mat_bytes.h"
#include "data/messages.h"
#include "golden/golden_files.h"
#include "image/codec.h"
#include "image/draw.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

class ImportShanghaiTech : public TestFolder {
 protected:
  void picture(const std::string& name) const {
    fs::create_directories((folder() / name).parent_path());
    save_image(filled_image(12, 8, {1, 2, 3}), folder() / name);
  }
  std::string problem(const fs::path& below = "") const {
    return message_of([&] { import_shanghaitech({folder() / below}); });
  }
};

TEST_F(ImportShanghaiTech, ReadsTextFormsInNaturalOrder) {
  for (const char* name : {"10", "9"}) picture(std::string("part_B/train_data/images/IMG_") + name + ".jpg");
  write("part_B/train_data/ground-truth/GT_IMG_9.txt", "1 2\n3 4\n");
  write("part_B/train_data/ground-truth/GT_IMG_10.csv", "x,y\n5,6\n");
  const Manifest manifest = import_shanghaitech({folder() / "part_B/"});
  EXPECT_EQ(manifest.name, "shanghaitech_b");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].image.filename(), "IMG_9.jpg");
  EXPECT_EQ(manifest.entries[0].points.size(), 2U);
  EXPECT_EQ(manifest.entries[0].width, 12);
  EXPECT_EQ(manifest.entries[0].height, 8);
  EXPECT_EQ(manifest.entries[1].points, (std::vector<Point>{{5, 6}}));
  EXPECT_EQ(manifest.entries[1].split, "train");
}

TEST_F(ImportShanghaiTech, ReadsMatFilesUnderBothSpellings) {
  picture("train_data/images/IMG_1.jpg");
  write("train_data/ground_truth/GT_IMG_1.mat", mat::annotation(2, {1, 2, 3, 4}));
  picture("test_data/images/IMG_1.jpg");
  write("test_data/ground-truth/GT_IMG_1.mat", mat::annotation(1, {7, 8}));
  const Manifest manifest = import_shanghaitech({folder()});
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].split, "train");
  EXPECT_EQ(manifest.entries[0].points, (std::vector<Point>{{1, 3}, {2, 4}}));
  EXPECT_EQ(manifest.entries[1].split, "test");
  EXPECT_EQ(manifest.entries[1].points, (std::vector<Point>{{7, 8}}));
}

TEST_F(ImportShanghaiTech, ReadsAStructWithoutItsCellAndAnEmptyScene) {
  picture("train_data/images/IMG_1.jpg");
  const auto points = [&](const std::string& bytes) {
    write("train_data/ground_truth/GT_IMG_1.mat", bytes);
    return import_shanghaitech({folder()}).entries.at(0).points;
  };
  const auto bare = mat::structure("location", mat::doubles(1, 2, {7, 8}), "image_info");
  EXPECT_EQ(points(mat::file(bare)), (std::vector<Point>{{7, 8}}));
  EXPECT_TRUE(points(mat::file(mat::cell("image_info", mat::structure("location", mat::doubles(0, 0, {}))))).empty());
  EXPECT_TRUE(points(mat::annotation(0, {})).empty());
}

TEST_F(ImportShanghaiTech, RefusesMatFilesThatHoldSomethingElse) {
  picture("train_data/images/IMG_1.jpg");
  const auto bad = [&](const std::string& bytes) {
    write("train_data/ground_truth/GT_IMG_1.mat", bytes);
    return problem();
  };
  const auto location = [](const std::string& value) {
    return mat::file(mat::cell("image_info", mat::structure("location", value)));
  };
  EXPECT_THAT(bad("hello"), AllOf(HasSubstr("GT_IMG_1.mat"), HasSubstr("no MATLAB 5 file")));
  EXPECT_THAT(bad(mat::file(mat::cell("annPoints", mat::doubles(1, 2, {1, 2})))), HasSubstr("'image_info'"));
  EXPECT_THAT(bad(location(mat::doubles(2, 3, {1, 2, 3, 4, 5, 6}))), HasSubstr("2 x 3"));
  EXPECT_THAT(bad(mat::annotation(1, {1, std::numeric_limits<double>::quiet_NaN()})), HasSubstr("not finite"));
}

TEST_F(ImportShanghaiTech, SaysWhatWasExpected) {
  EXPECT_THAT(problem(), AllOf(HasSubstr("train_data"), HasSubstr("part_A_final")));
  EXPECT_THAT(problem("none"), HasSubstr("none"));
  fs::create_directories(folder() / "test_data");
  EXPECT_THAT(problem(), HasSubstr("no folder images"));
  fs::create_directories(folder() / "test_data/images");
  EXPECT_THAT(problem(), HasSubstr("no pictures"));
  picture("test_data/images/IMG_3.jpg");
  EXPECT_THAT(problem(), HasSubstr("ground_truth"));
  fs::create_directories(folder() / "test_data/ground_truth");
  EXPECT_THAT(problem(), AllOf(HasSubstr("IMG_3.jpg is missing"), HasSubstr("GT_IMG_3.mat")));
}

TEST_F(ImportShanghaiTech, AnnotationsAloneAreImportedWithAWarning) {
  write("train_data/ground_truth/GT_IMG_1.mat", mat::annotation(2, {1, 20.5, 3, 40}));
  KeptMessages messages;
  const Manifest manifest = import_shanghaitech({folder(), {&messages, nullptr}});
  ASSERT_EQ(manifest.entries.size(), 1U);
  EXPECT_EQ(manifest.entries[0].image, folder() / "train_data/images/IMG_1.jpg");
  EXPECT_EQ(manifest.entries[0].width, 21);
  EXPECT_EQ(manifest.entries[0].height, 41);
  EXPECT_THAT(messages.warnings, ::testing::ElementsAre(HasSubstr("none of the 1 pictures is there")));
}

/// The real data, or a skip.
class RealShanghaiTech : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(golden::data_folder() / "shanghaitech")) {
      GTEST_SKIP() << "no ShanghaiTech data in " << golden::data_folder() << "; THRONG_DATA names the folder";
    }
  }
};

struct Tally {
  std::size_t images = 0;
  std::size_t points = 0;
  std::size_t outside = 0;
  std::size_t images_with_outside = 0;
  std::size_t repeated = 0;
};

Tally tally_of(const std::vector<ManifestEntry>& entries) {
  Tally tally;
  for (const ManifestEntry& entry : entries) {
    ++tally.images;
    tally.points += entry.points.size();
    std::size_t outside = 0;
    std::set<std::pair<double, double>> different;
    for (const Point& point : entry.points) {
      outside += point.x < 0 || point.y < 0 || point.x >= entry.width || point.y >= entry.height;
      different.emplace(point.x, point.y);
    }
    tally.outside += outside;
    tally.images_with_outside += outside > 0;
    tally.repeated += entry.points.size() - different.size();
  }
  return tally;
}

TEST_F(RealShanghaiTech, PartAHasItsKnownNumbers) {
  // Counted with scipy.io.loadmat.
  const Manifest manifest = import_shanghaitech({golden::data_folder() / "shanghaitech/part_A_final"});
  const Tally train = tally_of(manifest.split("train"));
  EXPECT_EQ(train.images, 300U);
  EXPECT_EQ(train.points, 162707U);
  EXPECT_EQ(train.outside, 294U);
  EXPECT_EQ(train.images_with_outside, 86U);
  EXPECT_EQ(train.repeated, 64U);
  const Tally test = tally_of(manifest.split("test"));
  EXPECT_EQ(test.images, 182U);
  EXPECT_EQ(test.points, 78970U);
  EXPECT_EQ(test.outside, 108U);
  EXPECT_EQ(test.images_with_outside, 42U);
  EXPECT_EQ(test.repeated, 62U);
  EXPECT_EQ(manifest.entries[9].image.filename(), "IMG_10.jpg");
}

TEST_F(RealShanghaiTech, PartBHasItsKnownNumbers) {
  const Manifest manifest = import_shanghaitech({golden::data_folder() / "shanghaitech/part_B_final"});
  EXPECT_EQ(manifest.name, "shanghaitech_b");
  EXPECT_EQ(manifest.entries.size(), 400U);
  EXPECT_EQ(tally_of(manifest.entries).points, 49280U);
}

/// The entry of one picture, imported through a folder that holds nothing else would be slow to set up: the whole part
/// is imported once.
const ManifestEntry* find_entry(const fs::path& image) {
  static std::map<fs::path, Manifest> parts;
  const fs::path part = image.parent_path().parent_path().parent_path();
  if (!parts.contains(part)) parts.emplace(part, import_shanghaitech({part}));
  for (const ManifestEntry& entry : parts.at(part).entries) {
    if (entry.image == image) return &entry;
  }
  return nullptr;
}

TEST(GoldenDensity, BlockSumsOfRealPictures) {
  const auto files = golden::files("data_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("data_seed");
  int used = 0;
  int skipped = 0;
  for (const auto& file : files) {
    for (const auto& [name, numbers] : file.numbers().at("density").items()) {
      if (numbers.at("points").is_array()) continue;
      const fs::path image = golden::shanghaitech_image(name);
      if (!fs::exists(image)) {
        ++skipped;
        continue;
      }
      const ManifestEntry* entry = find_entry(image);
      ASSERT_NE(entry, nullptr) << image;
      EXPECT_EQ(entry->points.size(), numbers.at("points").get<std::size_t>());
      const auto map = density_map(entry->points, entry->width, entry->height);
      const auto expected = file.tensor("density." + name);
      ASSERT_EQ(expected.shape, (std::vector<std::int64_t>{entry->height / 4, entry->width / 4}));
      double total = 0;
      float largest = 0;
      std::vector<double> sums(expected.values.size());
      for (int y = 0; y < entry->height; ++y) {
        for (int x = 0; x < entry->width; ++x) {
          const float value =
              map[static_cast<std::size_t>(y) * static_cast<std::size_t>(entry->width) + static_cast<std::size_t>(x)];
          total += value;
          largest = std::max(largest, value);
          if (y / 4 < expected.shape[0] && x / 4 < expected.shape[1]) {
            sums[static_cast<std::size_t>(y / 4 * expected.shape[1] + x / 4)] += value;
          }
        }
      }
      EXPECT_NEAR(total, numbers.at("sum").get<double>(), 1e-3) << name;
      EXPECT_NEAR(largest, numbers.at("max").get<double>(), 1e-6) << name;
      for (std::size_t i = 0; i < sums.size(); ++i)
        ASSERT_NEAR(sums[i], expected.values[i], 1e-6) << name << " block " << i;
      ++used;
    }
  }
  std::cout << "golden: " << files.size() << " files, " << used << " density maps of real pictures, " << skipped
            << " skipped for want of data in " << golden::data_folder() << "\n";
  if (used == 0) GTEST_SKIP() << "no real data for the golden density maps; THRONG_DATA names the folder";
}

}  // namespace
}  // namespace throng
