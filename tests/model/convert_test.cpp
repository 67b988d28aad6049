#include "model/convert.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

class Convert : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "from.safetensors";
};

TEST_F(Convert, ModelsBecomeAsPreciseAsAskedForAndGetAName) {
  ModelCard card;
  card.name = "tiny";
  card.model.encoder = "resnet18";
  card.model.width = 0.03;
  DensityNet net(card.model);
  initialise(net, 4);
  write_safetensors(model_to_file(net, card), path_);
  const TensorFile half = converted_weights(path_, "", StoredPrecision::fp16);
  EXPECT_TRUE(is_model(half, "throng"));
  EXPECT_EQ(half.tensors.at("head1.1.weight").scalar_type(), at::kHalf);
  EXPECT_EQ(half.tensors.at("encoder.stem.norm.bias").scalar_type(), at::kFloat);
  EXPECT_EQ(card_from_text(half.metadata.at(kMetadataKey), "half").name, "tiny");
  write_safetensors(half, path_);
  const TensorFile whole = converted_weights(path_, "other", StoredPrecision::fp32);
  EXPECT_TRUE(at::equal(whole.tensors.at("head1.1.weight"), half.tensors.at("head1.1.weight").to(at::kFloat)));
  EXPECT_EQ(card_from_text(whole.metadata.at(kMetadataKey), "whole").name, "other");
}

// Two layers as torchvision names them; a variance of a million does not fit into fp16.
TEST_F(Convert, EncodersGetOurNamesAndStayAsPreciseAsTheyAre) {
  TensorFile foreign;
  foreign.tensors["conv1.weight"] = at::ones({64, 3, 7, 7}, at::kBFloat16);
  for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
    foreign.tensors[std::string("bn1.") + part] = at::full({64}, 1e6);
  }
  foreign.tensors["layer1.0.conv1.weight"] = at::full({64, 64, 3, 3}, 7e4);
  write_safetensors(foreign, path_);
  const TensorFile ours = converted_weights(path_, "mine", StoredPrecision::fp32);
  EXPECT_FALSE(is_model(ours, "throng"));
  EXPECT_EQ(ours.metadata.at("name"), "mine");
  EXPECT_EQ(ours.tensors.at("encoder.stem.weight").scalar_type(), at::kBFloat16);
  expect_error(ErrorKind::failure, {"encoder.layer1.0.conv1.weight", "fp16"},
               [&] { converted_weights(path_, "", StoredPrecision::fp16); });
  foreign.tensors["layer1.0.conv1.weight"].fill_(0.1);
  write_safetensors(foreign, path_);
  const TensorFile half = converted_weights(path_, "", StoredPrecision::fp16);
  for (const auto& [name, tensor] : half.tensors) {
    EXPECT_EQ(tensor.scalar_type(), is_norm(name) ? at::kFloat : at::kHalf) << name;
  }
  EXPECT_FALSE(half.metadata.contains("name"));
}

TEST_F(Convert, TheReleasedNetworkIsAModelWithoutSayingSo) {
  EXPECT_TRUE(is_model({}, "released hmode"));
  EXPECT_FALSE(is_model({}, "torchvision resnet"));
}

TEST_F(Convert, NamesThatNobodyKnowsAreRefused) {
  TensorFile odd;
  odd.tensors["something"] = at::ones({2});
  write_safetensors(odd, path_);
  expect_error(ErrorKind::model, {"something"}, [&] { converted_weights(path_, "", StoredPrecision::fp32); });
}

}  // namespace
}  // namespace throng
