#include "model/hierarchy.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "expect_error.h"

namespace throng {
namespace {

const Hierarchy::Levels kHmode = {{{1, 2}, {1, 3}, {2, 3}}, {{1, 2, 3}}};

std::vector<std::string> names(const Hierarchy& hierarchy) {
  std::vector<std::string> all;
  for (const auto& level : hierarchy.levels()) {
    for (const Group& group : level) all.push_back(group.name);
  }
  return all;
}

TEST(Hierarchy, HmodeReadsTwoLogitsPerGroupLowerExpertFirst) {
  const Hierarchy hierarchy(3, kHmode);
  EXPECT_EQ(hierarchy.logits(0), 6);
  EXPECT_EQ(hierarchy.logits(1), 3);
  EXPECT_EQ(names(hierarchy), (std::vector<std::string>{"group12", "group13", "group23", "final"}));
  const Group& second = hierarchy.levels()[0][1];
  EXPECT_EQ(second.first_logit, 2);
  EXPECT_EQ(second.members, (std::vector<std::int64_t>{0, 2}));
}

TEST(Hierarchy, SingletonsNeedNoLogits) {
  const Hierarchy hierarchy(3, {{{1, 3}, {2}}, {{1, 2}}});
  EXPECT_EQ(hierarchy.logits(0), 2);
  EXPECT_EQ(hierarchy.levels()[0][1].first_logit, -1);
}

TEST(Hierarchy, ThirdLevelNamesItsGroupsByLevel) {
  const Hierarchy hierarchy(3, {{{1, 2}, {1, 3}, {2, 3}}, {{1, 2}, {1, 3}, {2, 3}}, {{1, 2, 3}}});
  EXPECT_EQ(names(hierarchy)[3], "level2_group12");
  EXPECT_EQ(names(hierarchy).back(), "final");
}

TEST(Hierarchy, RefusesWhatIsNoHierarchy) {
  expect_error(ErrorKind::usage, {"model.levels"}, [] { Hierarchy(3, {}); });
  expect_error(ErrorKind::usage, {"one group"}, [] { Hierarchy(3, {{{1, 2}, {3}}}); });
  expect_error(ErrorKind::usage, {"input 4", "has 3"}, [] { Hierarchy(3, {{{1, 2, 4}}}); });
  expect_error(ErrorKind::usage, {"input 0"}, [] { Hierarchy(3, {{{0, 1}}}); });
  expect_error(ErrorKind::usage, {"empty group"}, [] { Hierarchy(3, {{{}, {1}}, {{1, 2}}}); });
}

// Weights e^0 : e^ln3 = 1 : 3 and maps 8 and 4 give 0.25 * 8 + 0.75 * 4 = 5.
TEST(MixGroup, WeighsByTheSoftmaxOfItsOwnLogits) {
  const Hierarchy hierarchy(3, {{{1, 3}, {1, 2}}, {{1, 2}}});
  const auto& level = hierarchy.levels()[0];
  const at::Tensor logits = at::tensor({0.0F, std::log(3.0F), 5.0F, 5.0F}).view({1, 4, 1, 1});
  const at::Tensor weights = normalise_per_group(logits, level);
  const std::vector<at::Tensor> maps = {at::full({1, 1, 1, 1}, 8.0F), at::full({1, 1, 1, 1}, 2.0F),
                                        at::full({1, 1, 1, 1}, 4.0F)};
  EXPECT_NEAR(mix_group(level[0], maps, weights).item<float>(), 5.0F, 1e-6);
  EXPECT_NEAR(mix_group(level[1], maps, weights).item<float>(), 5.0F, 1e-6);
}

TEST(MixGroup, SingletonPassesItsMapOn) {
  const Hierarchy hierarchy(3, {{{1, 3}, {2}}, {{1, 2}}});
  const std::vector<at::Tensor> maps = {at::zeros({1, 1, 1, 1}), at::full({1, 1, 1, 1}, 7.0F), at::zeros({1, 1, 1, 1})};
  EXPECT_EQ(mix_group(hierarchy.levels()[0][1], maps, {}).item<float>(), 7.0F);
}

TEST(EqualWeights, AverageTheMembers) {
  const Hierarchy hierarchy(3, {{{1, 2, 3}}});
  const at::Tensor weights = equal_weights(hierarchy.levels()[0], at::TensorOptions().dtype(at::kFloat));
  const std::vector<at::Tensor> maps = {at::full({1, 1, 2, 2}, 1.0F), at::full({1, 1, 2, 2}, 2.0F),
                                        at::full({1, 1, 2, 2}, 6.0F)};
  EXPECT_NEAR(mix_group(hierarchy.levels()[0][0], maps, weights).sum().item<float>(), 12.0F, 1e-5);
}

}  // namespace
}  // namespace throng
