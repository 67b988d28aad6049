#include "model/model_file.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>

#include <fstream>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

LoadedModel tiny(const std::string& encoder) {
  ModelCard card;
  card.name = "tiny";
  card.model.encoder = encoder;
  card.model.width = 0.03;
  card.model.encoder_weights = "somewhere/on/a/disk";
  card.provenance["seed"] = 4;
  DensityNet net(card.model);
  initialise(net, 4);
  return {std::move(net), std::move(card)};
}

TEST(ModelFile, ComesBackAsItWas) {
  const TemporaryFolder folder;
  LoadedModel model = tiny("resnet18");
  write_safetensors(model_to_file(model.net, model.card), folder / "m.safetensors");
  LoadedModel back = load_model(folder / "m.safetensors");
  EXPECT_EQ(back.card.name, "tiny");
  EXPECT_EQ(back.card.provenance["seed"], 4);
  EXPECT_EQ(back.card.model.encoder_weights, "") << "paths of the training machine stay out of the file";
  const auto before = model.net.tensors(), after = back.net.tensors();
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].name, after[i].name);
    EXPECT_TRUE(at::equal(*before[i].tensor, *after[i].tensor)) << before[i].name;
  }
}

TEST(ModelFile, HalfPrecisionKeepsNormalisationInFull) {
  LoadedModel model = tiny("resnet50");
  model.net.visit([](const std::string&, ConvBlock& block) {
    if (block.norm) block.norm->running_var.fill_(83614.0);
  });
  const TensorFile file = model_to_file(model.net, model.card, StoredPrecision::fp16);
  EXPECT_EQ(file.tensors.at("encoder.stem.weight").scalar_type(), at::kHalf);
  EXPECT_EQ(file.tensors.at("encoder.stem.norm.running_var").scalar_type(), at::kFloat);
  EXPECT_EQ(file.tensors.at("encoder.stem.norm.running_var")[0].item<float>(), 83614.0F);
}

TEST(ModelFile, HalfPrecisionRefusesWhatItCannotHold) {
  LoadedModel model = tiny("resnet18");
  model.net.visit([](const std::string& name, ConvBlock& block) {
    if (name == "head1.1") block.bias.fill_(1e6);
  });
  expect_error(ErrorKind::failure, {"head1.1.bias", "fp16"},
               [&] { model_to_file(model.net, model.card, StoredPrecision::fp16); });
}

TEST(ModelFile, RefusesWhatIsNotThisNetwork) {
  const TemporaryFolder folder;
  const auto path = folder / "m.safetensors";
  const auto refused = [&](const std::vector<std::string>& parts, auto change) {
    LoadedModel model = tiny("resnet18");
    TensorFile file = model_to_file(model.net, model.card);
    change(file);
    write_safetensors(file, path);
    expect_error(ErrorKind::model, parts, [&] { load_model(path); });
  };
  refused({"head1.0.weight", "lacks"}, [](TensorFile& file) { file.tensors.erase("head1.0.weight"); });
  refused({"surplus"}, [](TensorFile& file) { file.tensors["surplus"] = at::zeros({1}); });
  refused({"head1.0.bias", "shape [3]"}, [](TensorFile& file) { file.tensors["head1.0.bias"] = at::zeros({3}); });
  refused({"head1.1.bias", "NaN"}, [](TensorFile& file) { file.tensors["head1.1.bias"].fill_(std::nanf("")); });
  refused({"head1.1.bias", "floating-point"},
          [](TensorFile& file) { file.tensors["head1.1.bias"] = at::zeros({1}, at::kLong); });
  refused({"description", "damaged"}, [](TensorFile& file) { file.metadata["throng"] = "{"; });
  refused({"format 9"}, [](TensorFile& file) {
    Json json = Json::parse(file.metadata["throng"]);
    json["format"] = 9;
    file.metadata["throng"] = json.dump();
  });
  refused({"description", "encodr"}, [](TensorFile& file) {
    Json json = Json::parse(file.metadata["throng"]);
    json["model"]["encodr"] = "resnet18";
    file.metadata["throng"] = json.dump();
  });
}

TEST(ModelFile, AnEncoderIsNoCounter) {
  const TemporaryFolder folder;
  LoadedModel model = tiny("resnet18");
  TensorFile file = model_to_file(model.net, model.card);
  std::erase_if(file.tensors, [](const auto& item) { return !item.first.starts_with("encoder."); });
  file.metadata.clear();
  write_safetensors(file, folder / "e.safetensors");
  expect_error(ErrorKind::model, {"no description of a counting network"},
               [&] { load_model(folder / "e.safetensors"); });
}

TEST(EncoderWeights, DecideNormalisationEpsilonAndStride) {
  const TemporaryFolder folder;
  TensorFile file;
  file.tensors["conv1.weight"] = at::zeros({64, 3, 7, 7});
  file.tensors["bn1.weight"] = at::zeros({64});
  file.tensors["layer1.0.conv1.weight"] = at::zeros({64, 64, 1, 1});
  file.metadata["bn_eps"] = "1.001e-05";
  file.metadata["stride_in"] = "first 1x1 of the bottleneck";
  write_safetensors(file, folder / "e.safetensors");
  ModelConfig config;
  config.encoder_weights = (folder / "e.safetensors").string();
  read_encoder_weights(config);
  EXPECT_TRUE(config.encoder_norm);
  EXPECT_DOUBLE_EQ(config.norm_eps, 1.001e-5);
  EXPECT_EQ(config.bottleneck_stride, "1x1");
}

TEST(EncoderWeights, MissingSayWhereToPutThem) {
  ModelConfig config;
  config.encoder_weights = "nowhere_to_be_found";
  expect_error(ErrorKind::usage, {"nowhere_to_be_found", "THRONG_WEIGHTS", "model.encoder_weights"},
               [&] { read_encoder_weights(config); });
}

}  // namespace
}  // namespace throng
