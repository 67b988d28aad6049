#include "data/region_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "data/folder.h"
#include "data/importers/mat_bytes.h"
#include "image/codec.h"
#include "image/draw.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

using RegionFiles = TestFolder;

ManifestEntry entry_with(const fs::path& roi, int width = 3, int height = 2) {
  ManifestEntry entry{"a.jpg", width, height, {}, "train", ""};
  entry.roi = roi;
  return entry;
}

TEST_F(RegionFiles, EachSourceIsWrittenOnceUnderANameOfItsOwn) {
  const auto mask = [](const std::vector<std::uint8_t>& by_column) {
    return mat::file(mat::logicals(2, 3, by_column, "BW"));
  };
  const fs::path one = write("x/mask.mat", mask({1, 0, 0, 0, 0, 0}));
  const fs::path other = write("y/mask.mat", mask({0, 1, 0, 0, 0, 1}));
  Manifest manifest;
  manifest.entries = {entry_with(one), entry_with(other), entry_with(one), entry_with("")};
  write_region_files(manifest, folder() / "masks");
  EXPECT_EQ(manifest.entries[0].roi, folder() / "masks/mask.png");
  EXPECT_EQ(manifest.entries[1].roi, folder() / "masks/mask-2.png");
  EXPECT_EQ(manifest.entries[2].roi, manifest.entries[0].roi);
  EXPECT_TRUE(manifest.entries[3].roi.empty());
  EXPECT_EQ(load_region(manifest.entries[0]), (std::vector<std::uint8_t>{1, 0, 0, 0, 0, 0}));
  EXPECT_EQ(load_region(manifest.entries[1]), (std::vector<std::uint8_t>{0, 0, 0, 1, 0, 1}));
  // Written again, nothing changes: a mask that is a picture already is left alone.
  write_region_files(manifest, folder() / "other");
  EXPECT_EQ(manifest.entries[0].roi, folder() / "masks/mask.png");
  EXPECT_FALSE(fs::exists(folder() / "other"));
}

TEST_F(RegionFiles, NothingToWriteMakesNoFolder) {
  Manifest manifest;
  manifest.entries = {entry_with("")};
  write_region_files(manifest, folder() / "masks");
  EXPECT_FALSE(fs::exists(folder() / "masks"));
}

TEST_F(RegionFiles, SizesMustAgree) {
  Manifest manifest;
  manifest.entries = {entry_with(write("mask.mat", mat::file(mat::logicals(2, 3, {1, 1, 1, 1, 1, 1}, "BW"))), 4, 2)};
  EXPECT_THAT(message_of([&] { write_region_files(manifest, folder() / "masks"); }),
              AllOf(HasSubstr("mask.mat"), HasSubstr("3x2"), HasSubstr("4x2")));
  save_image(filled_image(5, 5, {255, 255, 255}), folder() / "mask.png");
  EXPECT_THAT(message_of([&] { load_region(entry_with(folder() / "mask.png")); }),
              AllOf(HasSubstr("mask.png"), HasSubstr("5x5"), HasSubstr("3x2")));
}

}  // namespace
}  // namespace throng
