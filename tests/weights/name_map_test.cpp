#include "weights/name_map.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "weights/scratch.h"

namespace throng {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;

/// Tensors that can be told apart: the n-th name holds n.
TensorFile numbered(const std::vector<std::string>& names) {
  TensorFile file;
  for (std::size_t i = 0; i < names.size(); ++i) file.tensors[names[i]] = at::scalar_tensor(static_cast<double>(i));
  return file;
}

/// Renames {theirs, ours} pairs and expects each tensor under our name; "" is one that is dropped.
void expect_renamed(const std::vector<std::pair<std::string, std::string>>& pairs, const std::string& kind) {
  std::vector<std::string> theirs;
  std::size_t kept = 0;
  for (const auto& [name, ours] : pairs) {
    theirs.push_back(name);
    kept += ours.empty() ? 0 : 1;
  }
  TensorFile file = numbered(theirs);
  EXPECT_EQ(rename_to_ours(file, "w.pth"), kind);
  EXPECT_EQ(file.tensors.size(), kept);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::string& ours = pairs[i].second;
    if (ours.empty()) continue;
    ASSERT_THAT(file.tensors, Contains(Key(ours)));
    EXPECT_EQ(file.tensors.at(ours).item<double>(), static_cast<double>(i)) << ours;
  }
}

// torchvision's cfg "D" with batch norm, module by module, written down by hand.
TEST(NameMap, TorchvisionVgg16Bn) {
  expect_renamed({{"features.0.weight", "encoder.stage1.0.weight"},
                  {"features.0.bias", "encoder.stage1.0.bias"},
                  {"features.1.weight", "encoder.stage1.0.norm.weight"},
                  {"features.1.bias", "encoder.stage1.0.norm.bias"},
                  {"features.1.running_mean", "encoder.stage1.0.norm.running_mean"},
                  {"features.1.running_var", "encoder.stage1.0.norm.running_var"},
                  {"features.1.num_batches_tracked", ""},
                  {"features.3.weight", "encoder.stage1.1.weight"},
                  {"features.4.running_var", "encoder.stage1.1.norm.running_var"},
                  {"features.7.weight", "encoder.stage2.0.weight"},
                  {"features.8.weight", "encoder.stage2.0.norm.weight"},
                  {"features.10.weight", "encoder.stage2.1.weight"},
                  {"features.11.bias", "encoder.stage2.1.norm.bias"},
                  {"features.14.weight", "encoder.stage3.0.weight"},
                  {"features.17.weight", "encoder.stage3.1.weight"},
                  {"features.20.weight", "encoder.stage3.2.weight"},
                  {"features.21.weight", "encoder.stage3.2.norm.weight"},
                  {"features.24.weight", "encoder.stage4.0.weight"},
                  {"features.27.weight", "encoder.stage4.1.weight"},
                  {"features.30.bias", "encoder.stage4.2.bias"},
                  {"features.31.running_mean", "encoder.stage4.2.norm.running_mean"},
                  {"features.34.weight", "encoder.stage5.0.weight"},
                  {"features.37.weight", "encoder.stage5.1.weight"},
                  {"features.40.weight", "encoder.stage5.2.weight"},
                  {"features.41.running_var", "encoder.stage5.2.norm.running_var"},
                  {"classifier.0.weight", ""},
                  {"classifier.6.bias", ""}},
                 "torchvision vgg16_bn");
}

TEST(NameMap, TorchvisionVggsWithoutNorms) {
  expect_renamed({{"features.0.weight", "encoder.stage1.0.weight"},
                  {"features.2.bias", "encoder.stage1.1.bias"},
                  {"features.5.weight", "encoder.stage2.0.weight"},
                  {"features.14.weight", "encoder.stage3.2.weight"},
                  {"features.17.weight", "encoder.stage4.0.weight"},
                  {"features.28.weight", "encoder.stage5.2.weight"},
                  {"classifier.0.weight", ""}},
                 "torchvision vgg16");
  expect_renamed({{"features.0.weight", "encoder.stage1.0.weight"},
                  {"features.16.weight", "encoder.stage3.3.weight"},
                  {"features.19.bias", "encoder.stage4.0.bias"},
                  {"features.34.weight", "encoder.stage5.3.weight"}},
                 "torchvision vgg19");
}

TEST(NameMap, TorchvisionResnet) {
  expect_renamed({{"conv1.weight", "encoder.stem.weight"},
                  {"bn1.weight", "encoder.stem.norm.weight"},
                  {"bn1.running_var", "encoder.stem.norm.running_var"},
                  {"bn1.num_batches_tracked", ""},
                  {"layer1.0.conv1.weight", "encoder.layer1.0.conv1.weight"},
                  {"layer1.0.bn1.bias", "encoder.layer1.0.conv1.norm.bias"},
                  {"layer1.0.downsample.0.weight", "encoder.layer1.0.downsample.weight"},
                  {"layer1.0.downsample.1.running_mean", "encoder.layer1.0.downsample.norm.running_mean"},
                  {"layer3.5.conv3.weight", "encoder.layer3.5.conv3.weight"},
                  {"layer3.5.bn3.weight", "encoder.layer3.5.conv3.norm.weight"},
                  {"layer4.0.conv1.weight", ""},
                  {"layer4.0.bn1.weight", ""},
                  {"fc.weight", ""},
                  {"fc.bias", ""}},
                 "torchvision resnet");
}

TEST(NameMap, ReleasedHmode) {
  expect_renamed({{"features1.0.weight", "encoder.stage1.0.weight"},
                  {"features1.1.running_mean", "encoder.stage1.0.norm.running_mean"},
                  {"features1.4.weight", "encoder.stage1.1.norm.weight"},
                  {"features2.1.bias", "encoder.stage2.0.bias"},
                  {"features2.5.running_var", "encoder.stage2.1.norm.running_var"},
                  {"features2.1.num_batches_tracked", ""},
                  {"features3.7.weight", "encoder.stage3.2.weight"},
                  {"features4.8.bias", "encoder.stage4.2.norm.bias"},
                  {"features5.4.weight", "encoder.stage5.1.weight"},
                  {"de_pred3.0.conv.weight", "decoder.block3.0.weight"},
                  {"de_pred1.1.conv.bias", "decoder.block1.1.bias"},
                  {"head2.0.conv.weight", "head2.0.weight"},
                  {"head1.1.conv.bias", "head1.1.bias"},
                  {"gating1.conv1.conv.weight", "gate1.0.weight"},
                  {"gating1.conv2.conv.bias", "gate1.1.bias"},
                  {"gating2.conv6.conv.weight", "gate2.5.weight"},
                  {"mask.conv1.conv.weight", "attention.0.weight"},
                  {"mask.conv2.conv.bias", "attention.1.bias"},
                  {"mask.output.conv.weight", "attention.2.weight"}},
                 "released hmode");
}

TEST(NameMap, OurOwnNamesStay) {
  expect_renamed({{"encoder.stage1.0.weight", "encoder.stage1.0.weight"},
                  {"encoder.stage1.0.norm.num_batches_tracked", ""},
                  {"head4.1.bias", "head4.1.bias"},
                  {"anything.else", "anything.else"}},
                 "throng");
  expect_renamed({{"encoder.layer1.0.conv1.weight", "encoder.layer1.0.conv1.weight"}}, "throng");
}

TEST(NameMap, UnknownNamesAreErrorsAndLeaveTheFileAlone) {
  const auto error = [](const std::vector<std::string>& names) {
    TensorFile file = numbered(names);
    const std::string sentence = error_of([&] { rename_to_ours(file, "w.pth"); });
    EXPECT_EQ(file.tensors.size(), names.size());
    EXPECT_THAT(sentence, HasSubstr("w.pth: "));
    return sentence;
  };
  EXPECT_THAT(error({}), HasSubstr("none at all"));
  EXPECT_THAT(error({"a", "b", "c", "d", "e"}), HasSubstr("'a', 'b', 'c', 'd', ..."));
  const std::string known = "features.1.running_mean";
  EXPECT_THAT(error({"features.0.weight", known, "features.2.weight"}), HasSubstr("'features.2.weight'"));
  EXPECT_THAT(error({"features.0.weight", known, "features.6.weight"}), HasSubstr("'features.6.weight'"));
  EXPECT_THAT(error({"features.0.weight", known, "features.43.weight"}), HasSubstr("'features.43.weight'"));
  EXPECT_THAT(error({"features.0.weight", known, "features.-3.weight"}), HasSubstr("'features.-3.weight'"));
  EXPECT_THAT(error({"features.0.weight", known, "features.0.running_mean"}), HasSubstr("'features.0.running_mean'"));
  EXPECT_THAT(error({"features.0.weight", known, "features.00.weight"}), HasSubstr("two of its tensors"));
  EXPECT_THAT(error({"features1.0.weight", "de_pred1.0.conv.weight", "features6.0.weight"}), HasSubstr("features6"));
  EXPECT_THAT(error({"features1.0.weight", "de_pred1.0.conv.weight", "mask.conv3.conv.weight"}), HasSubstr("conv3"));
  EXPECT_THAT(error({"features1.0.weight", "de_pred1.0.conv.weight", "gating1.conv0.conv.bias"}), HasSubstr("conv0"));
  EXPECT_THAT(error({"conv1.weight", "layer1.0.conv1.weight", "layer5.0.conv1.weight"}), HasSubstr("layer5"));
  // A plain VGG-16: its modules stand at other places.
  EXPECT_THAT(error({"features.0.weight", "features.0.bias", "features.2.weight"}), HasSubstr("no known network"));
}

// --- the encoders that the project trains from ---

class Encoders : public testing::Test {
 protected:
  /// Reads a file of the folder of weights; an empty one where there is no folder.
  static TensorFile read(const std::string& name) {
    const char* folder = std::getenv("THRONG_WEIGHTS");
    const std::filesystem::path path =
        (folder != nullptr ? std::filesystem::path(folder)
                           : std::filesystem::path(THRONG_SOURCE_DIR "/../shared/weights")) /
        name;
    return std::filesystem::exists(path) ? read_tensor_file(path) : TensorFile{};
  }
  static constexpr const char* kSkip = "no pretrained encoders: set THRONG_WEIGHTS to their folder";
};

TEST_F(Encoders, Resnet50) {
  TensorFile file = read("resnet50_layer3_imagenet.safetensors");
  if (file.tensors.empty()) GTEST_SKIP() << kSkip;
  EXPECT_EQ(file.metadata.at("bn_eps"), "1.001e-05");
  // 43 convolutions (stem, 3 + 4 + 6 blocks of three, three downsamplings), each with a weight and four of its norm.
  EXPECT_EQ(file.tensors.size(), 43U * 5);
  EXPECT_EQ(rename_to_ours(file, "w.pth"), "torchvision resnet");
  EXPECT_EQ(file.tensors.size(), 43U * 5);
  EXPECT_THAT(file.tensors.at("encoder.stem.weight").sizes().vec(), ElementsAre(64, 3, 7, 7));
  EXPECT_THAT(file.tensors.at("encoder.layer3.0.downsample.weight").sizes().vec(), ElementsAre(1024, 512, 1, 1));
  EXPECT_THAT(file.tensors.at("encoder.layer3.5.conv3.norm.running_var").sizes().vec(), ElementsAre(1024));
  EXPECT_NEAR(file.tensors.at("encoder.stem.norm.running_var").max().item<double>(), 83614, 1);
}

TEST_F(Encoders, Resnet18WithFoldedNorms) {
  TensorFile file = read("resnet18_layer3_imagenet_bnfolded.safetensors");
  if (file.tensors.empty()) GTEST_SKIP() << kSkip;
  EXPECT_EQ(file.metadata.at("bn"), "folded into conv weight and bias");
  EXPECT_EQ(rename_to_ours(file, "w.pth"), "torchvision resnet");
  EXPECT_EQ(file.tensors.size(), 30U);
  EXPECT_THAT(file.tensors.at("encoder.stem.bias").sizes().vec(), ElementsAre(64));
  EXPECT_THAT(file.tensors.at("encoder.layer2.0.downsample.bias").sizes().vec(), ElementsAre(128));
  EXPECT_THAT(file.tensors, Not(Contains(Key(HasSubstr("norm")))));
}

TEST_F(Encoders, StartOfVgg16) {
  TensorFile file = read("vgg16_conv1_conv2_imagenet.safetensors");
  if (file.tensors.empty()) GTEST_SKIP() << kSkip;
  EXPECT_EQ(rename_to_ours(file, "w.pth"), "vgg16 start");
  EXPECT_THAT(file.tensors,
              ElementsAre(Key("encoder.stage1.0.bias"), Key("encoder.stage1.0.weight"), Key("encoder.stage1.1.bias"),
                          Key("encoder.stage1.1.weight"), Key("encoder.stage2.0.bias"), Key("encoder.stage2.0.weight"),
                          Key("encoder.stage2.1.bias"), Key("encoder.stage2.1.weight")));
  EXPECT_THAT(file.tensors.at("encoder.stage1.0.weight").sizes().vec(), ElementsAre(64, 3, 3, 3));
  EXPECT_THAT(file.tensors.at("encoder.stage2.1.weight").sizes().vec(), ElementsAre(128, 128, 3, 3));
}

}  // namespace
}  // namespace throng
