#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "model/density_net.h"

namespace throng {
namespace {

ModelConfig small(const std::string& init) {
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.1;
  config.init = init;
  return config;
}

std::map<std::string, at::Tensor> started(const ModelConfig& config, std::uint64_t seed) {
  DensityNet net(config);
  initialise(net, seed);
  std::map<std::string, at::Tensor> tensors;
  for (const NamedTensor& named : net.tensors()) tensors[named.name] = *named.tensor;
  return tensors;
}

double deviation(const at::Tensor& tensor) { return tensor.to(at::kDouble).std().item<double>(); }

TEST(Initialise, DependsOnTheSeedAndTheNameAlone) {
  ModelConfig without = small("normal");
  without.local_head = false;
  ModelConfig with = without;
  with.local_head = true;
  const auto first = started(without, 7), more = started(with, 7), other = started(without, 8);
  EXPECT_GT(more.size(), first.size());
  for (const auto& [name, tensor] : first) {
    EXPECT_TRUE(at::equal(tensor, more.at(name))) << name << ": a part that is added leaves the others alone";
    if (name.ends_with(".weight") && name.find(".norm.") == std::string::npos) {
      EXPECT_FALSE(at::equal(tensor, other.at(name))) << name;
    }
  }
}

TEST(Initialise, NormalIsAHundredthBehindTheEncoder) {
  const auto tensors = started(small("normal"), 1);
  EXPECT_NEAR(deviation(tensors.at("decoder.block3.0.weight")), 0.01, 2e-4);
  EXPECT_NEAR(deviation(tensors.at("head1.0.weight")), 0.01, 2e-3);
  EXPECT_EQ(tensors.at("head1.1.bias").item<float>(), 0);
  // The encoder keeps the size of its activations: the square root of two over the fan-in, 64 x 3 x 3.
  EXPECT_NEAR(deviation(tensors.at("encoder.layer1.0.conv1.weight")), std::sqrt(2.0 / 576), 1e-3);
}

TEST(Initialise, KaimingScalesToTheFanInAndStartsHeadsFlat) {
  const auto tensors = started(small("kaiming"), 1);
  const at::Tensor& weight = tensors.at("decoder.block3.0.weight");
  EXPECT_NEAR(deviation(weight) / std::sqrt(2.0 / static_cast<double>(weight[0].numel())), 1, 0.02);
  EXPECT_FLOAT_EQ(tensors.at("head1.1.bias").item<float>(), 0.1F);
  EXPECT_LT(deviation(tensors.at("head1.1.weight")), 0.03);
  EXPECT_EQ(tensors.at("decoder.block3.0.bias").abs().sum().item<float>(), 0);
}

TEST(Initialise, LeavesNormalisationAtTheIdentity) {
  const auto tensors = started(small("kaiming"), 1);
  EXPECT_TRUE(tensors.at("encoder.stem.norm.weight").eq(1).all().item<bool>());
  EXPECT_TRUE(tensors.at("encoder.stem.norm.running_var").eq(1).all().item<bool>());
  EXPECT_TRUE(tensors.at("encoder.stem.norm.running_mean").eq(0).all().item<bool>());
}

}  // namespace
}  // namespace throng
