#include "synth/scene_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "temporary_folder.h"
#include "throng/error.h"

namespace throng {
namespace {

class SceneFilesTest : public testing::Test {
 protected:
  SceneFilesOptions options(std::int64_t count) const { return {{12, 96, 64, 40}, count, folder_ / "new", "val"}; }

  TemporaryFolder folder_;
};

TEST_F(SceneFilesTest, PicturesAndManifestAgree) {
  write_scenes(options(2));
  const Manifest manifest = read_manifest(folder_ / "new/manifest.jsonl");
  ASSERT_EQ(manifest.entries.size(), 2U);
  for (std::uint64_t i = 0; i < 2; ++i) {
    const ManifestEntry& entry = manifest.entries[i];
    EXPECT_EQ(entry.image.filename(), i == 0 ? "scene_0001.png" : "scene_0002.png");
    EXPECT_EQ(entry.split, "val");
    // PNG keeps every byte, and scene k has the seed 40 + k - 1.
    const LabelledImage scene = render_scene({12, 96, 64, 40 + i});
    EXPECT_EQ(load_image(entry.image).rgb, scene.image->rgb);
    EXPECT_EQ(entry.points, scene.points);
    EXPECT_EQ(entry.width, 96);
    EXPECT_EQ(entry.height, 64);
  }
}

TEST_F(SceneFilesTest, StoppingLeavesNoManifest) {
  std::stop_source stop;
  stop.request_stop();
  try {
    write_scenes(options(2), {}, stop.get_token());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new/manifest.jsonl"));
}

TEST_F(SceneFilesTest, RefusesNoScenesAndFoldersThatCannotBe) {
  EXPECT_THROW(write_scenes(options(0)), Error);
  EXPECT_THROW(write_scenes(options(-3)), Error);
  SceneFilesOptions crowded = options(1);
  crowded.scene.people = 1000;
  EXPECT_THROW(write_scenes(crowded), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new"));
  SceneFilesOptions nowhere = options(1);
  nowhere.folder = "/dev/null/folder";
  EXPECT_THROW(write_scenes(nowhere), Error);
}

}  // namespace
}  // namespace throng
