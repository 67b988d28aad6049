#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "data/folder.h"
#include "data/sample.h"
#include "image/codec.h"
#include "image/draw.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ManifestSource : public TestFolder {
 protected:
  /// Writes `count` pictures of 20 x 10 pixels: 600 bytes decoded.
  std::vector<ManifestEntry> pictures(int count) const {
    std::vector<ManifestEntry> entries;
    for (int i = 0; i < count; ++i) {
      const auto path = folder() / (std::to_string(i) + ".png");
      save_image(filled_image(20, 10, {static_cast<std::uint8_t>(i), 0, 0}), path);
      entries.push_back({path, 20, 10, {{1.0 * i, 2}}, "train", ""});
    }
    return entries;
  }
};

TEST_F(ManifestSource, GivesPicturesWithTheirPoints) {
  const auto source = make_manifest_source(pictures(3), 0);
  EXPECT_EQ(source->size(), 3);
  const LabelledImage second = source->load(1);
  EXPECT_EQ(second.image->width, 20);
  EXPECT_EQ(second.image->height, 10);
  EXPECT_EQ(second.image->pixel(3, 3)[0], 1);
  EXPECT_EQ(second.points, (std::vector<Point>{{1, 2}}));
}

TEST_F(ManifestSource, KeepsWhatFitsAndDecodesTheRestEachTime) {
  const auto source = make_manifest_source(pictures(3), 1300);  // two of 600 bytes
  for (const int kept : {0, 1}) EXPECT_EQ(source->load(kept).image, source->load(kept).image);
  EXPECT_NE(source->load(2).image, source->load(2).image);
  std::filesystem::remove_all(folder());
  EXPECT_EQ(source->load(1).image->pixel(0, 0)[0], 1);
  EXPECT_THROW(source->load(2), Error);
}

TEST_F(ManifestSource, ThreadsShareOneDecodedPicture) {
  const auto source = make_manifest_source(pictures(2), 10000);
  std::vector<std::shared_ptr<const Image>> seen(8);
  {
    std::vector<std::jthread> threads;
    for (auto& image : seen) threads.emplace_back([&] { image = source->load(1).image; });
  }
  for (const auto& image : seen) EXPECT_EQ(image, seen[0]);
}

TEST_F(ManifestSource, RefusesAPictureOfAnotherSize) {
  auto entries = pictures(1);
  entries[0].width = 21;
  const auto source = make_manifest_source(entries, 0);
  EXPECT_THAT(message_of([&] { source->load(0); }), AllOf(HasSubstr("20x10"), HasSubstr("21x10")));
}

TEST_F(ManifestSource, RefusesPicturesThatNobodyAnnotated) {
  auto entries = pictures(2);
  entries[1].points.clear();
  EXPECT_EQ(make_manifest_source(entries, 0)->size(), 2);  // nobody is there, and that is known
  entries[1].annotated = false;
  EXPECT_THAT(message_of([&] { make_manifest_source(entries, 0); }),
              AllOf(HasSubstr("not marked"), HasSubstr(entries[1].image.string())));
}

}  // namespace
}  // namespace throng
