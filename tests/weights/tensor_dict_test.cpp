#include "weights/tensor_dict.h"

#include <gtest/gtest.h>

namespace throng {
namespace {

using Kind = PickleObject::Kind;

/// Puts a pickle together by hand.
class Made {
 public:
  std::uint32_t add(PickleObject object) {
    pickle_.objects.push_back(std::move(object));
    return static_cast<std::uint32_t>(pickle_.objects.size() - 1);
  }
  std::uint32_t name(const std::string& text) { return add({.kind = Kind::string, .text = text}); }
  std::uint32_t tensor() { return add({.kind = Kind::tensor}); }
  std::uint32_t dict(const std::vector<std::pair<std::string, std::uint32_t>>& entries) {
    PickleObject dict{.kind = Kind::dict};
    for (const auto& [key, value] : entries) {
      dict.items.push_back(name(key));
      dict.items.push_back(value);
    }
    return add(std::move(dict));
  }
  /// The place of what is found below this root; -1 where nothing is.
  std::int64_t found(std::uint32_t root) {
    pickle_.root = root;
    const PickleObject* dict = find_tensor_dict(pickle_);
    return dict == nullptr ? -1 : dict - pickle_.objects.data();
  }

 private:
  Pickle pickle_;
};

TEST(TensorDict, IsTheRootOrWhatLiesBelowIt) {
  Made made;
  const std::uint32_t weights = made.dict({{"weight", made.tensor()}});
  EXPECT_EQ(made.found(weights), weights);
  EXPECT_EQ(made.found(made.dict({{"any", made.dict({{"thing", weights}})}})), weights);
  EXPECT_EQ(made.found(made.dict({{"epoch", made.add({.kind = Kind::integer})}})), -1);
  EXPECT_EQ(made.found(made.tensor()), -1) << "one tensor has no name";
}

TEST(TensorDict, UsualNamesComeBeforeLooseTensors) {
  Made made;
  const std::uint32_t weights = made.dict({{"weight", made.tensor()}});
  const std::uint32_t nested = made.dict({{"state_dict", weights}});
  EXPECT_EQ(made.found(made.dict({{"mean", made.tensor()}, {"model", nested}})), weights);
  const std::uint32_t loose = made.dict({{"mean", made.tensor()}, {"other", weights}});
  EXPECT_EQ(made.found(loose), loose);
}

TEST(TensorDict, IsNoOptimisers) {
  Made made;
  const std::uint32_t moments = made.dict({{"exp_avg", made.tensor()}});
  EXPECT_EQ(made.found(made.dict({{"optimizer", moments}})), -1);
  const std::uint32_t weights = made.dict({{"weight", made.tensor()}});
  EXPECT_EQ(made.found(made.dict({{"optim", moments}, {"weights_of_mine", weights}})), weights);
}

TEST(TensorDict, IsNotSoughtBelowFourLevels) {
  Made made;
  std::uint32_t dict = made.dict({{"weight", made.tensor()}});
  for (int depth = 0; depth < 3; ++depth) dict = made.dict({{"in", dict}});
  EXPECT_GE(made.found(dict), 0);
  EXPECT_EQ(made.found(made.dict({{"in", dict}})), -1);
}

}  // namespace
}  // namespace throng
