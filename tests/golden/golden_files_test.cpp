#include "golden/golden_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.h"

namespace throng {
namespace {

/// A folder of golden files that THRONG_GOLDEN names as long as the test runs.
class PairsInAFolder : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* value = std::getenv("THRONG_GOLDEN")) before_ = value;
    ::setenv("THRONG_GOLDEN", folder_.path().c_str(), 1);
  }
  void TearDown() override {
    if (before_.empty()) {
      ::unsetenv("THRONG_GOLDEN");
    } else {
      ::setenv("THRONG_GOLDEN", before_.c_str(), 1);
    }
  }
  void add_pair(const std::string& name) const {
    write(name + ".json", "{}");
    write(name + ".safetensors", std::string("\x02\0\0\0\0\0\0\0{}", 10));
  }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

  TemporaryFolder folder_;
  std::string before_;
};

TEST_F(PairsInAFolder, GivesPairsOfOneKindSorted) {
  for (const char* name : {"data_seed9", "data_seed1", "hmode_released_seed4711"}) add_pair(name);
  const auto files = golden::files("data_seed");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name(), "data_seed1");
  EXPECT_EQ(files[1].name(), "data_seed9");
}

TEST_F(PairsInAFolder, HoldingOneKindGivesNoneOfTheOtherAndSaysSo) {
  add_pair("hmode_released_seed2");
  EXPECT_EQ(golden::files("hmode_released_seed").size(), 1U);
  EXPECT_TRUE(golden::files("data_seed").empty());
  EXPECT_THAT(golden::none_of("data_seed"),
              testing::AllOf(testing::HasSubstr("data_seed"), testing::HasSubstr(folder_.path().string())));
}

TEST_F(PairsInAFolder, WithoutAnyPairFails) {
  EXPECT_THROW(golden::files("data_seed"), std::runtime_error);
  write("notes.json", "{}");
  EXPECT_THROW(golden::files("data_seed"), std::runtime_error);
  ::setenv("THRONG_GOLDEN", (folder_ / "none").c_str(), 1);
  EXPECT_THROW(golden::files("data_seed"), std::runtime_error);
}

TEST_F(PairsInAFolder, HalfAPairFails) {
  add_pair("hmode_released_seed2");
  write("data_seed3.json", "{}");
  EXPECT_THROW(golden::files("data_seed"), std::runtime_error);
}

}  // namespace
}  // namespace throng
