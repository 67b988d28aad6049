#include "train/dataset.h"

#include <gtest/gtest.h>

#include <set>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"
#include "train/tiny_experiment.h"

namespace throng {
namespace {

std::set<std::string> validation_names(const Dataset& data) {
  std::set<std::string> names;
  for (const ManifestEntry& entry : data.validation) names.insert(entry.image.filename().string());
  return names;
}

TEST(Dataset, CutsValidationImagesOffBySeed) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 8).string();
  config.validation = 0.25;
  const Dataset data = make_dataset(config, 1);
  EXPECT_EQ(data.images, 6);
  EXPECT_EQ(data.training->size(), 6);
  EXPECT_EQ(data.validation.size(), 2U);
  const auto held_out = validation_names(data);
  for (std::int64_t id = 0; id < data.training->size(); ++id) {
    const std::vector<Point> points = data.training->load(id).points;
    for (const ManifestEntry& entry : data.validation) EXPECT_NE(points, entry.points);
  }
  EXPECT_EQ(validation_names(make_dataset(config, 1)), held_out);
  EXPECT_EQ(data.sha256, manifest_sha256(config.manifest));
}

TEST(Dataset, LimitComesBeforeTheValidationCut) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 12).string();
  config.validation = 0.25;
  config.limit = 4;
  const Dataset data = make_dataset(config, 1);
  EXPECT_EQ(data.images + static_cast<std::int64_t>(data.validation.size()), 4);
}

TEST(Dataset, ASplitNamedValIsUsed) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 6).string();
  Manifest manifest = read_manifest(config.manifest);
  manifest.entries[2].split = "val";
  write_manifest(manifest, config.manifest);
  const Dataset data = make_dataset(config, 1);
  EXPECT_EQ(validation_names(data), (std::set<std::string>{"dots_2.png"}));
  EXPECT_EQ(data.images, 5);
}

TEST(Dataset, TheSplitThatJudgesDoesNotTrain) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 6).string();
  config.split = "val";
  for (const double validation : {0.0, 0.25}) {
    config.validation = validation;
    expect_error(ErrorKind::usage, {"data.split = \"val\"", "judge", "another split"},
                 [&] { make_dataset(config, 1); });
  }
}

TEST(Dataset, MixesRenderedScenesIn) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 6).string();
  config.validation = 0;
  config.synthetic = 0.25;
  const Dataset data = make_dataset(config, 1);
  EXPECT_EQ(data.scenes, 2);
  EXPECT_EQ(data.training->size(), 8);
  EXPECT_FALSE(data.training->load(7).image->rgb.empty());
}

TEST(Dataset, OneImageAloneIsNotHeldOut) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 4).string();
  config.limit = 1;
  expect_error(ErrorKind::usage, {"data.limit = 1", "data.validation = 0 "}, [&] { make_dataset(config, 1); });
  config.validation = 0;
  EXPECT_EQ(make_dataset(config, 1).images, 1);
}

TEST(Dataset, JudgesByWhatIsKnown) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 4).string();
  Manifest manifest = read_manifest(config.manifest);
  manifest.entries[2].split = "val";
  manifest.entries[2].points.clear();
  manifest.entries[2].annotated = false;
  write_manifest(manifest, config.manifest);
  expect_error(ErrorKind::usage, {"dots_2.png", "nobody knows"}, [&] { make_dataset(config, 1); });
  manifest.entries[2].count = 7;
  write_manifest(manifest, config.manifest);
  EXPECT_EQ(make_dataset(config, 1).validation.at(0).people(), 7);
}

TEST(Dataset, ChecksThePicturesOfBothHalves) {
  const TemporaryFolder folder;
  DataConfig config;
  config.manifest = make_dotted_data(folder.path(), 6).string();
  config.validation = 0.34;
  const Dataset data = make_dataset(config, 1);
  EXPECT_NO_THROW(check_pictures(data));
  write_file(data.validation.at(0).image, "no picture");
  expect_error(ErrorKind::input, {"1 of the 2 validation pictures", data.validation[0].image.string()},
               [&] { check_pictures(data); });
  std::filesystem::remove(data.annotated.at(1).image);
  expect_error(ErrorKind::input, {"1 of the 4 training pictures", data.annotated[1].image.string()},
               [&] { check_pictures(data); });
}

TEST(Dataset, NeedsAManifest) {
  expect_error(ErrorKind::usage, {"data.manifest"}, [] { make_dataset({}, 1); });
}

}  // namespace
}  // namespace throng
