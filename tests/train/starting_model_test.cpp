#include "train/starting_model.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>

#include "temporary_folder.h"
#include "train/stopped_run.h"

namespace throng {
namespace {

TEST(StartingModel, SaysHowMuchOfAnEncoderCameFromItsFile) {
  const TemporaryFolder folder;
  TensorFile file;
  file.tensors["features.conv1_1.weight"] = at::full({64, 3, 3, 3}, 0.5);
  file.tensors["features.conv1_1.bias"] = at::zeros({64});
  write_safetensors(file, folder / "start.safetensors");
  ExperimentConfig config;
  config.model.width = 0.02;
  config.model.encoder_weights = (folder / "start.safetensors").string();
  Messages messages;
  LoadedModel model = starting_model(config, {&messages, nullptr});
  EXPECT_THAT(messages.notes, testing::HasSubstr("1 of the encoder's 13 convolutions come from " +
                                                 config.model.encoder_weights + ", the others start from scratch"));
  EXPECT_FALSE(config.model.encoder_norm);
  std::map<std::string, at::Tensor> weights;
  model.net.visit([&](const std::string& name, ConvBlock& block) { weights[name] = block.weight; });
  EXPECT_TRUE(weights.at("encoder.stage1.0").eq(0.5).all().item<bool>());
  EXPECT_TRUE(weights.at("encoder.stage5.2").any().item<bool>()) << "initialised, not zero";
}

}  // namespace
}  // namespace throng
