#include "model/model_file.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <sys/resource.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/file.h"
#include "expect_error.h"
#include "model/encoder_weights.h"
#include "temporary_folder.h"
#include "weights/name_map.h"

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
  refused({"'sur?plus'"}, [](TensorFile& file) { file.tensors["sur\x1bplus"] = at::zeros({1}); });
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
  const auto with_deviation = [](TensorFile& file, double deviation) {
    Json json = Json::parse(file.metadata["throng"]);
    json["normalisation"]["deviation"][1] = deviation;
    file.metadata["throng"] = json.dump();
  };
  refused({"description", "normalisation.deviation"}, [&](TensorFile& file) { with_deviation(file, 0); });
  refused({"description", "normalisation.deviation"}, [&](TensorFile& file) { with_deviation(file, -0.2); });
  refused({"description", "encodr"}, [](TensorFile& file) {
    Json json = Json::parse(file.metadata["throng"]);
    json["model"]["encodr"] = "resnet18";
    file.metadata["throng"] = json.dump();
  });
}

TEST(ModelFile, WhatIsNotFiniteCanBeLookedAt) {
  const TemporaryFolder folder;
  const auto path = folder / "m.safetensors";
  LoadedModel model = tiny("resnet18");
  EXPECT_TRUE(not_finite_tensors(model.net).empty());
  TensorFile file = model_to_file(model.net, model.card);
  file.tensors["head1.1.bias"].fill_(std::nanf(""));
  file.tensors["encoder.stem.norm.running_var"][0] = HUGE_VALF;
  write_safetensors(file, path);
  expect_error(ErrorKind::model, {"NaN"}, [&] { load_model(path); });
  LoadedModel kept = load_model(path, NotFinite::kept);
  EXPECT_EQ(not_finite_tensors(kept.net), (std::vector<std::string>{"encoder.stem.norm.running_var", "head1.1.bias"}));
}

// In every type that a file may hold, the largest numbers, subnormal ones and both zeros are finite; NaN and both
// infinities are not, nor are doubles beyond fp32's range. The element lies in the middle, behind ones that are finite.
TEST(ModelFile, FiniteIsJudgedByTheBitsOfEachType) {
  LoadedModel model = tiny("resnet18");
  const TensorFile whole = model_to_file(model.net, model.card);
  const std::string name = "head1.1.weight";
  const auto taken = [&](at::ScalarType type, double value) {
    at::Tensor changed = whole.tensors.at(name).to(type).clone();
    changed.view(-1)[changed.numel() / 2] = value;
    const TensorFile file{{{name, changed}, {"head1.1.bias", whole.tensors.at("head1.1.bias")}}, {}};
    try {
      copy_tensors(file, model.net, "m", "head1.1.");
    } catch (const Error&) {
      return false;
    }
    for (const NamedTensor& named : model.net.tensors()) {
      if (named.name != name) continue;
      EXPECT_TRUE(at::equal(*named.tensor, changed.to(at::kFloat))) << type << " " << value;
    }
    return true;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const double largest = std::numeric_limits<float>::max();
  for (const auto& [type, most] :
       {std::pair{at::kHalf, 65504.0}, {at::kBFloat16, 3.38e38}, {at::kFloat, largest}, {at::kDouble, largest}}) {
    for (const double value : {most, -most, 1e-7, -1e-40, 0.0, -0.0}) EXPECT_TRUE(taken(type, value)) << type;
    for (const double value : {infinity, -infinity, std::nan("")}) EXPECT_FALSE(taken(type, value)) << type;
  }
  EXPECT_FALSE(taken(at::kDouble, 1e300));
}

std::int64_t peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// A description costs its author nothing, and may ask for any amount of memory.
TEST(ModelFile, DescriptionsOfImpossibleNetworksAreRefusedWithoutBuildingThem) {
  const TemporaryFolder folder;
  const auto path = folder / "m.safetensors";
  const auto refused = [&](const std::vector<std::string>& parts, auto change) {
    ModelConfig config;
    config.encoder = "resnet18";
    change(config);
    ModelCard card;
    card.model = config;
    TensorFile file;
    file.metadata["throng"] = card_to_text(card);
    file.tensors["encoder.layer1.0.conv1.weight"] = at::zeros({1});
    write_safetensors(file, path);
    std::vector<std::string> sentence = parts;
    sentence.push_back(path.string());
    expect_error(ErrorKind::model, sentence, [&] { load_model(path); });
  };
  const std::int64_t before = peak_kib();
  refused({"model.decoder.block3[0] is 2000000"}, [](ModelConfig& config) { config.decoder.block3 = {2'000'000}; });
  refused({"model.decoder.block2[1] is -2000000"}, [](ModelConfig& config) {
    config.decoder.block2 = {8, -2'000'000};
  });
  refused({"model.decoder.head"}, [](ModelConfig& config) { config.decoder.head = std::int64_t{1} << 62; });
  refused({"model.gates[1].trunk[0][1]"}, [](ModelConfig& config) { config.gates[1].trunk = {{3, 1'000'000'000}}; });
  refused({"model.attention has 65 entries"}, [](ModelConfig& config) { config.attention.assign(65, {3, 8}); });
  refused({"model.levels[0][0] has 1000 entries"},
          [](ModelConfig& config) { config.levels[0] = {std::vector<std::int64_t>(1000, 1)}; });
  refused({"model.levels has 10000"}, [](ModelConfig& config) { config.levels.assign(10000, {{1, 2}}); });
  refused({"attention.0 has a kernel of 33 pixels"}, [](ModelConfig& config) { config.attention = {{33, 8}}; });
  // Inside every limit, and 600 GB.
  refused({"lacks the tensor"}, [](ModelConfig& config) {
    config.decoder.block3 = {16384, 16384};
    config.width = 8;
  });
  EXPECT_LT(peak_kib() - before, 64 * 1024);
}

TEST(ModelFile, DescriptionsAreCheckedBeforeTheyAreWalkedThrough) {
  const TemporaryFolder folder;
  const auto path = folder / "m.safetensors";
  LoadedModel model = tiny("resnet18");
  TensorFile file = model_to_file(model.net, model.card);
  const std::string good = file.metadata["throng"];
  file.metadata["throng"] = good.substr(0, good.rfind('}')) + R"(,"provenance":)" + std::string(2'000'000, '[') +
                            std::string(2'000'000, ']') + "}";
  write_safetensors(file, path);
  expect_error(ErrorKind::model, {path.string(), "deeper than 64"}, [&] { load_model(path); });
  expect_error(ErrorKind::model, {path.string(), "deeper than 64"}, [&] { read_card(path); });
}

TEST(ModelFile, TheCardAloneIsReadWithoutTheTensors) {
  const TemporaryFolder folder;
  LoadedModel model = tiny("resnet18");
  write_safetensors(model_to_file(model.net, model.card), folder / "m.safetensors");
  EXPECT_EQ(card_to_text(read_card(folder / "m.safetensors")), card_to_text(model.card));
  write_safetensors({}, folder / "empty.safetensors");
  expect_error(ErrorKind::model, {"empty.safetensors", "no description"},
               [&] { read_card(folder / "empty.safetensors"); });
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

// The first four convolutions of a VGG-16, as the one VGG file is that can be had everywhere.
TensorFile vgg_start() {
  TensorFile file;
  const std::vector<std::pair<std::string, std::vector<std::int64_t>>> layers = {{"conv1_1", {64, 3, 3, 3}},
                                                                                 {"conv1_2", {64, 64, 3, 3}},
                                                                                 {"conv2_1", {128, 64, 3, 3}},
                                                                                 {"conv2_2", {128, 128, 3, 3}}};
  for (const auto& [name, shape] : layers) {
    file.tensors["features." + name + ".weight"] = at::full(shape, 0.25);
    file.tensors["features." + name + ".bias"] = at::full({shape[0]}, 0.5);
  }
  return file;
}

TEST(EncoderWeights, TheStartOfAVggLeavesTheRestAsItIs) {
  const TemporaryFolder folder;
  write_safetensors(vgg_start(), folder / "start.safetensors");
  ModelConfig config;
  config.width = 0.02;
  config.encoder_weights = (folder / "start.safetensors").string();
  const EncoderWeights weights = read_encoder_weights(config);
  EXPECT_TRUE(weights.partial);
  EXPECT_FALSE(config.encoder_norm) << "the file has none";
  DensityNet untouched(config), net(config);
  initialise(untouched, 3);
  initialise(net, 3);
  const EncoderShare share = copy_encoder_weights(weights, net);
  EXPECT_EQ(share.copied, 4);
  EXPECT_EQ(share.all, 13);
  const auto before = untouched.tensors(), after = net.tensors();
  for (std::size_t i = 0; i < after.size(); ++i) {
    const bool from_file = after[i].name.starts_with("encoder.stage1.") || after[i].name.starts_with("encoder.stage2.");
    EXPECT_EQ(at::equal(*before[i].tensor, *after[i].tensor), !from_file) << after[i].name;
  }
}

// As `throng model convert` writes it: the same tensors under our names.
TEST(EncoderWeights, TheStartOfAVggUnderOurNamesIsTheSame) {
  const TemporaryFolder folder;
  TensorFile file = vgg_start();
  rename_to_ours(file, "start");
  ASSERT_TRUE(file.tensors.contains("encoder.stage2.1.weight"));
  write_safetensors(file, folder / "converted.safetensors");
  ModelConfig config;
  config.width = 0.02;
  config.encoder_weights = (folder / "converted.safetensors").string();
  const EncoderWeights weights = read_encoder_weights(config);
  EXPECT_TRUE(weights.partial);
  DensityNet net(config);
  EXPECT_EQ(copy_encoder_weights(weights, net).copied, 4);
}

TEST(EncoderWeights, TheStartOfAVggIsNoResnet) {
  const TemporaryFolder folder;
  write_safetensors(vgg_start(), folder / "start.safetensors");
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.02;
  config.encoder_weights = (folder / "start.safetensors").string();
  const EncoderWeights weights = read_encoder_weights(config);
  DensityNet net(config);
  expect_error(ErrorKind::model, {"start.safetensors", "another architecture"},
               [&] { copy_encoder_weights(weights, net); });
}

// CSRNet has no layer3: what the file holds of it is left out, the rest must be there.
TEST(EncoderWeights, NetworksThatEndEarlierTakeTheirPart) {
  const TemporaryFolder folder;
  LoadedModel model = tiny("resnet18");
  write_safetensors(model_to_file(model.net, model.card), folder / "e.safetensors");
  ModelConfig config = model.card.model;
  config.network = "csrnet";
  config.encoder_weights = (folder / "e.safetensors").string();
  const EncoderWeights weights = read_encoder_weights(config);
  DensityNet net(config);
  const EncoderShare share = copy_encoder_weights(weights, net);
  EXPECT_EQ(share.copied, share.all);
}

TEST(EncoderWeights, OtherFilesMustBeComplete) {
  const TemporaryFolder folder;
  LoadedModel model = tiny("resnet18");
  TensorFile file = model_to_file(model.net, model.card);
  file.tensors.erase("encoder.layer2.0.conv1.weight");
  write_safetensors(file, folder / "e.safetensors");
  ModelConfig config = model.card.model;
  config.encoder_weights = (folder / "e.safetensors").string();
  const EncoderWeights weights = read_encoder_weights(config);
  DensityNet net(config);
  expect_error(ErrorKind::model, {"e.safetensors", "lacks", "encoder.layer2.0.conv1.weight"},
               [&] { copy_encoder_weights(weights, net); });
}

TEST(EncoderWeights, TheShippedStartOfAVgg) {
  const char* folder = std::getenv("THRONG_WEIGHTS");
  const std::filesystem::path path = std::filesystem::path(folder ? folder : THRONG_SOURCE_DIR "/../shared/weights") /
                                     "vgg16_conv1_conv2_imagenet.safetensors";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no pretrained encoders: set THRONG_WEIGHTS to their folder";
  ModelConfig config;
  config.width = 0.02;
  config.encoder_weights = path.string();
  const EncoderWeights weights = read_encoder_weights(config);
  DensityNet net(config);
  EXPECT_EQ(copy_encoder_weights(weights, net).copied, 4);
  net.visit([&](const std::string& name, ConvBlock& block) {
    EXPECT_EQ(block.weight.any().item<bool>(), name.starts_with("encoder.stage1") || name.starts_with("encoder.stage2"))
        << name;
  });
}

TEST(EncoderWeights, MissingSayWhereToPutThem) {
  ModelConfig config;
  config.encoder_weights = "nowhere_to_be_found";
  expect_error(ErrorKind::usage, {"nowhere_to_be_found", "THRONG_WEIGHTS", "model.encoder_weights"},
               [&] { read_encoder_weights(config); });
}

}  // namespace
}  // namespace throng
