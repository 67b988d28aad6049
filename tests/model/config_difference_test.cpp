#include "model/config_difference.h"

#include <gtest/gtest.h>

namespace throng {
namespace {

void expect_difference(const std::optional<ConfigDifference>& found, const ConfigDifference& expected) {
  ASSERT_TRUE(found) << expected.key;
  EXPECT_EQ(found->key, expected.key);
  EXPECT_EQ(found->one, expected.one);
  EXPECT_EQ(found->other, expected.other);
}

TEST(ConfigDifference, IsTheFirstKeyWithBothValues) {
  ModelConfig one, other;
  other.encoder_norm = false;
  other.resize = "half_pixel";
  expect_difference(network_difference(one, other), {"model.encoder_norm", "true", "false"});
  expect_difference(network_difference(other, one), {"model.encoder_norm", "false", "true"});
}

TEST(ConfigDifference, IsAWholeListOrAKeyOfATable) {
  ModelConfig one, other;
  other.gates[1].trunk = {{3, 8}};
  one.gates[1].trunk = {{5, 8}, {3, 4}};
  expect_difference(network_difference(one, other), {"model.gates[1].trunk", "[[5,8],[3,4]]", "[[3,8]]"});
  other.decoder.block2 = {7};
  expect_difference(network_difference(one, other), {"model.decoder.block2", "[512,256]", "[7]"});
}

TEST(ConfigDifference, OfAListThatEndsIsNothing) {
  const Json longer = Json::parse(R"([{"a": 1}, {"a": 2}])"), shorter = Json::parse(R"([{"a": 1}])");
  expect_difference(first_difference(longer, shorter, "list"), {"list[1]", R"({"a":2})", "nothing"});
  expect_difference(first_difference(shorter, longer, "list"), {"list[1]", "nothing", R"({"a":2})"});
  expect_difference(first_difference(Json::array(), shorter, "list"), {"list[0]", "nothing", R"({"a":1})"});
}

TEST(ConfigDifference, IsNotHowTrainingBegan) {
  ModelConfig one, other;
  EXPECT_FALSE(network_difference(one, other));
  other.encoder_weights = "resnet18.pth";
  other.init = "kaiming";
  EXPECT_FALSE(network_difference(one, other));
}

}  // namespace
}  // namespace throng
