#include "reproduce/measuring.h"

#include <gtest/gtest.h>

#include "reproduce/tiny_reproduction.h"

namespace throng {
namespace {

TEST(JudgedPictures, AreThoseOfTheTestSplitUpToTheLimit) {
  const TemporaryFolder folder;
  ExperimentConfig config;
  config.data.manifest = make_dots_to_test(folder.path()).string();
  const std::vector<ManifestEntry> test = read_manifest(config.data.manifest).split("test");
  ASSERT_EQ(test.size(), 2U);
  EXPECT_EQ(judged_pictures(config).size(), 2U);
  config.data.limit = 8;
  EXPECT_EQ(judged_pictures(config).size(), 2U);
  config.data.limit = 1;
  ASSERT_EQ(judged_pictures(config).size(), 1U);
  EXPECT_EQ(judged_pictures(config).front().image, test.front().image);
}

}  // namespace
}  // namespace throng
