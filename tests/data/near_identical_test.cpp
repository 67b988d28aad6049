#include "data/near_identical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <set>

#include "core/file.h"
#include "data/folder.h"
#include "data/importers/layouts.h"
#include "data/messages.h"
#include "data/scene_picture.h"
#include "expect_error.h"
#include "golden/golden_files.h"
#include "image/codec.h"
#include "image/resize.h"

namespace throng {
namespace {

using ::testing::HasSubstr;

class NearIdentical : public TestFolder {
 protected:
  ManifestEntry picture(const std::string& name, const Image& image, const std::string& split = "train") const {
    save_image(image, folder() / name);
    return {folder() / name, image.width, image.height, {}, split, ""};
  }
};

TEST_F(NearIdentical, CopiesGetOneGroupAndOthersNone) {
  Manifest manifest;
  manifest.entries.push_back(picture("a.png", scene_picture(1)));
  manifest.entries.push_back(picture("b.png", scene_picture(2)));
  manifest.entries.push_back(picture("a_small.jpg", resize_image(scene_picture(1), 200, 150), "test"));
  manifest.entries.push_back(picture("c.png", scene_picture(3)));
  manifest.entries.push_back(picture("c_again.png", scene_picture(3)));
  group_near_identical(manifest, look_at_pictures(manifest, {}));
  EXPECT_EQ(manifest.entries[0].group, "similar_1");
  EXPECT_EQ(manifest.entries[1].group, "");
  EXPECT_EQ(manifest.entries[2].group, "similar_1");
  EXPECT_EQ(manifest.entries[3].group, "similar_2");
  EXPECT_EQ(manifest.entries[4].group, "similar_2");
}

TEST_F(NearIdentical, GroupsThatAreThereGrow) {
  Manifest manifest;
  manifest.entries.push_back(picture("a.png", scene_picture(1)));
  manifest.entries.push_back(picture("b.png", scene_picture(2)));
  manifest.entries.push_back(picture("a2.png", scene_picture(1)));
  manifest.entries.push_back(picture("c.png", scene_picture(3)));
  manifest.entries.push_back(picture("c2.png", scene_picture(3)));
  manifest.entries[0].group = manifest.entries[1].group = "similar_1";
  group_near_identical(manifest, look_at_pictures(manifest, {}));
  for (const std::size_t i : {0U, 1U, 2U}) EXPECT_EQ(manifest.entries[i].group, "similar_1");
  for (const std::size_t i : {3U, 4U}) EXPECT_EQ(manifest.entries[i].group, "similar_2");
}

TEST_F(NearIdentical, UnreadablePicturesAreNamedAndLeftOut) {
  Manifest manifest;
  manifest.entries.push_back({write("broken.png", "no picture"), 5, 5, {}, "train", ""});
  manifest.entries.push_back(picture("a.png", scene_picture(1)));
  manifest.entries.push_back({folder() / "missing.png", 5, 5, {{1, 2}}, "train", ""});
  KeptMessages messages;
  const std::vector<SeenPicture> seen = keep_readable_pictures(manifest, {&messages, nullptr});
  EXPECT_THAT(messages.warnings, ::testing::ElementsAre(HasSubstr("broken.png")));
  EXPECT_EQ(manifest.unreadable, std::vector{folder() / "broken.png"});
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].image, folder() / "a.png");
  EXPECT_EQ(manifest.entries[1].points.size(), 1U);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].width, scene_picture(1).width);

  Manifest broken;
  broken.entries.push_back({folder() / "broken.png", 5, 5, {}, "train", ""});
  expect_error(ErrorKind::input, {"none"}, [&] { keep_readable_pictures(broken); });
}

// A whole picture must not vanish from a data set because the machine was short of memory.
TEST_F(NearIdentical, LackOfMemoryIsNoFaultOfThePicture) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer's shadow needs more address space than is left here";
#endif
  constexpr int kSide = 14000;  // 588 MB
  Manifest manifest;
  manifest.entries.push_back(picture("small.jpg", scene_picture(1)));
  std::string bytes = read_text_file(folder() / "small.jpg");
  const std::size_t frame = bytes.find("\xff\xc0");
  for (const std::size_t place : {frame + 5, frame + 7}) {
    bytes.at(place) = static_cast<char>(kSide >> 8);
    bytes.at(place + 1) = static_cast<char>(kSide & 0xff);
  }
  manifest.entries.push_back({write("large.jpg", bytes), kSide, kSide, {}, "train", ""});
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_DATA, &before), 0);
  rlimit less = before;
  less.rlim_cur = rlim_t{500} << 20;
  ASSERT_EQ(setrlimit(RLIMIT_DATA, &less), 0);
  KeptMessages messages;
  expect_error(ErrorKind::failure, {"large.jpg", "not enough memory"}, [&] {
    keep_readable_pictures(manifest, {&messages, nullptr});
  });
  setrlimit(RLIMIT_DATA, &before);
  EXPECT_TRUE(messages.warnings.empty());
  EXPECT_EQ(manifest.entries.size(), 2U);
}

TEST_F(NearIdentical, AStopEndsTheSearchAndChangesNothing) {
  Manifest manifest;
  manifest.entries.push_back(picture("a.png", scene_picture(1)));
  manifest.entries.push_back(picture("b.png", scene_picture(1)));
  std::stop_source source;
  const std::vector<SeenPicture> seen = look_at_pictures(manifest, {}, source.get_token());
  source.request_stop();
  expect_error(ErrorKind::interrupted, {"0 of 2"}, [&] { look_at_pictures(manifest, {}, source.get_token()); });
  expect_error(ErrorKind::interrupted, {"0 of 2"}, [&] { near_identical_pairs(seen, source.get_token()); });
  expect_error(ErrorKind::interrupted, {}, [&] { group_near_identical(manifest, seen, source.get_token()); });
  expect_error(ErrorKind::interrupted, {}, [&] { check_manifest(manifest, {}, source.get_token()); });
  EXPECT_EQ(manifest.entries[0].group, "");
}

TEST(RealNearIdentical, FindsTheKnownCopiesOfShanghaiTechAAndNoOthers) {
  const auto folder = golden::data_folder() / "shanghaitech/part_A_final";
  if (!std::filesystem::is_directory(folder / "train_data") || !std::filesystem::is_directory(folder / "test_data")) {
    GTEST_SKIP() << "no ShanghaiTech A in " << golden::data_folder() << "; THRONG_DATA names the folder";
  }
  const Manifest manifest = import_shanghaitech({folder});
  const auto short_name = [&](std::size_t i) {
    return manifest.entries[i].split + " " + manifest.entries[i].image.stem().string().substr(4);
  };
  std::set<std::pair<std::string, std::string>> found;
  for (const auto& [i, j] : near_identical_pairs(look_at_pictures(manifest, {})))
    found.emplace(short_name(i), short_name(j));
  // Each looked at: six pictures of the training half lie in the test half too, and two pairs are within the former.
  const std::set<std::pair<std::string, std::string>> known = {
      {"train 2", "test 173"},  {"train 60", "test 40"},   {"train 97", "test 142"},   {"train 121", "test 98"},
      {"train 139", "test 82"}, {"train 154", "test 181"}, {"train 118", "train 283"}, {"train 167", "train 169"}};
  EXPECT_EQ(found, known);
}

TEST(RealNearIdentical, FindsThePicturesOfUcfThatShanghaiTechAHolds) {
  const auto shanghaitech = golden::data_folder() / "shanghaitech/part_A_final";
  const auto ucf = golden::data_folder() / "ucf_cc_50";
  if (!std::filesystem::is_directory(shanghaitech / "test_data") || !std::filesystem::is_directory(ucf)) {
    GTEST_SKIP() << "no ShanghaiTech A or no UCF_CC_50 in " << golden::data_folder()
                 << "; THRONG_DATA names the folder";
  }
  Manifest manifest = import_shanghaitech({shanghaitech});
  const std::size_t of_shanghaitech = manifest.entries.size();
  for (ManifestEntry& entry : import_ucf_cc_50({ucf}).entries) manifest.entries.push_back(std::move(entry));
  std::set<std::pair<std::string, std::string>> found;
  for (const auto& [i, j] : near_identical_pairs(look_at_pictures(manifest, {}))) {
    if (i >= of_shanghaitech || j < of_shanghaitech) continue;
    const ManifestEntry& one = manifest.entries[i];
    found.emplace(manifest.entries[j].image.stem().string(), one.split + " " + one.image.stem().string().substr(4));
  }
  // Each looked at.
  const std::set<std::pair<std::string, std::string>> known = {
      {"16", "train 21"},  {"25", "train 287"}, {"28", "train 294"}, {"32", "train 297"}, {"41", "train 118"},
      {"41", "train 283"}, {"45", "test 117"},  {"46", "train 118"}, {"46", "train 283"}, {"49", "train 134"}};
  EXPECT_EQ(found, known);
}

}  // namespace
}  // namespace throng
