#include "data/altered_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "data/folder.h"
#include "data/messages.h"
#include "data/region_files.h"
#include "data/scene_picture.h"
#include "expect_error.h"
#include "image/codec.h"
#include "image/grey_png.h"

namespace throng {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class AlteredFiles : public TestFolder {
 protected:
  ManifestEntry picture(const fs::path& name, std::uint64_t seed) const {
    const Image image = scene_picture(seed, 80, 60);
    fs::create_directories((folder() / name).parent_path());
    save_image(image, folder() / name);
    ManifestEntry entry{folder() / name, 80, 60, {{8, 6}, {79.5, 30}}, "val", "similar_1"};
    entry.labels["set"] = "a";
    return entry;
  }
  fs::path out() const { return folder() / "altered"; }
};

TEST_F(AlteredFiles, HoldPicturesAndTheirAnnotations) {
  Manifest manifest{"crowd", {picture("a/1.png", 1), picture("b/1.png", 2)}};
  write_altered(manifest, {.resize = 0.5, .noise = 4}, out());
  const Manifest altered = read_manifest(out() / "manifest.jsonl");
  EXPECT_EQ(altered.name, "crowd, resize 0.5, noise 4");
  ASSERT_EQ(altered.entries.size(), 2U);
  EXPECT_EQ(altered.entries[0].image, out() / "1.png");
  EXPECT_EQ(altered.entries[1].image, out() / "1-2.png");
  const ManifestEntry& second = altered.entries[1];
  EXPECT_EQ(second.points, (std::vector<Point>{{4, 3}, {39.75, 15}}));
  EXPECT_EQ(second.split, "val");
  EXPECT_EQ(second.group, "similar_1");
  EXPECT_EQ(second.labels.at("set"), "a");
  EXPECT_EQ(load_image(second.image).rgb,
            alter_image(scene_picture(2, 80, 60), {.resize = 0.5, .noise = 4}, "1.png").rgb);
  EXPECT_EQ(second.width, 40);
  EXPECT_EQ(second.height, 30);
}

TEST_F(AlteredFiles, AreJpegWhereAQualityIsGiven) {
  const Manifest altered = write_altered({"crowd", {picture("1.png", 1)}}, {.jpeg = 20}, out());
  EXPECT_EQ(altered.entries[0].image, out() / "1.jpg");
  EXPECT_EQ(load_image(out() / "1.jpg").rgb, decode_image(encode_jpeg(scene_picture(1, 80, 60), 20), "x").rgb);
}

TEST_F(AlteredFiles, ReplaceOnlyWhatAnEarlierRunWrote) {
  const Manifest manifest{"crowd", {picture("photos/1.png", 1)}};
  expect_error(ErrorKind::usage, {"photos", "empty"},
               [&] { write_altered(manifest, {.grey = true}, folder() / "photos"); });
  EXPECT_EQ(load_image(folder() / "photos/1.png").rgb, scene_picture(1, 80, 60).rgb);
  write_altered(manifest, {.grey = true}, out());
  write_altered(manifest, {.night = true}, out());
  EXPECT_EQ(read_manifest(out() / "manifest.jsonl").name, "crowd, night");
}

TEST_F(AlteredFiles, ResizeMasksAndLeaveOutWhatNoLongerFits) {
  Manifest manifest{"crowd", {picture("1.png", 1)}};
  std::vector<std::uint8_t> mask(80 * 60, 0);
  for (int y = 0; y < 60; ++y) std::fill_n(mask.begin() + y * 80, 20, std::uint8_t{255});
  write_file(folder() / "mask.png", encode_grey_png(mask, 80, 60));
  manifest.entries[0].roi = folder() / "mask.png";
  manifest.entries[0].perspective = folder() / "p.npy";
  manifest.entries[0].other_fields = {{"boxes", "[1]"}};
  KeptMessages messages;
  write_altered(manifest, {.resize = 0.5}, out(), {&messages, nullptr});
  const ManifestEntry entry = read_manifest(out() / "manifest.jsonl").entries.at(0);
  const std::vector<std::uint8_t> inside = load_region(entry);
  EXPECT_EQ(std::count(inside.begin(), inside.end(), 1), 10 * 30);
  EXPECT_TRUE(entry.perspective.empty());
  EXPECT_TRUE(entry.other_fields.empty());
  EXPECT_THAT(messages.notes, ::testing::ElementsAre(HasSubstr("perspective")));
}

TEST_F(AlteredFiles, UnreadablePicturesAreLeftOut) {
  Manifest manifest{"crowd", {picture("1.png", 1)}};
  manifest.entries.push_back({write("broken.png", "none"), 5, 5, {}, "val", ""});
  KeptMessages messages;
  const Manifest altered = write_altered(manifest, {}, out(), {&messages, nullptr});
  EXPECT_EQ(altered.entries.size(), 1U);
  EXPECT_EQ(altered.unreadable, std::vector{folder() / "broken.png"});
  EXPECT_THAT(messages.warnings, ::testing::ElementsAre(HasSubstr("broken.png")));
  manifest.entries.erase(manifest.entries.begin());
  expect_error(ErrorKind::input, {"none"}, [&] { write_altered(manifest, {}, folder() / "other"); });
}

TEST_F(AlteredFiles, OriginalsAreNeverReplaced) {
  write_altered({"crowd", {picture("1.png", 1)}}, {}, out());
  const Manifest made = read_manifest(out() / "manifest.jsonl");
  expect_error(ErrorKind::usage, {"originals", "another folder"}, [&] { write_altered(made, {}, out()); });
}

TEST_F(AlteredFiles, AStopLeavesNoManifest) {
  std::stop_source source;
  source.request_stop();
  expect_error(ErrorKind::interrupted, {"0 of 1 picture"}, [&] {
    write_altered({"crowd", {picture("1.png", 1)}}, {}, out(), {}, source.get_token());
  });
  EXPECT_FALSE(fs::exists(out() / "manifest.jsonl"));
}

}  // namespace
}  // namespace throng
