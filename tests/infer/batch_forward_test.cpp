#include "infer/batch_forward.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>

#include "expect_error.h"
#include "infer/calling_graph.h"
#include "infer/device.h"
#include "infer/equal_sizes.h"
#include "infer/expect_near.h"
#include "infer/plain_kernel.h"
#include "infer/predict.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

/// A net as prepare() makes it for a GPU, on the CPU.
DensityNet plain_net(const std::string& encoder = "resnet18") {
  DensityNet net = std::move(tiny_model(encoder).net);
  net.train(false);
  net.visit([](const std::string& name, ConvBlock& block) {
    if (name.starts_with("head") && name.ends_with(".1")) block.bias.fill_(3.0);
    block.fold_norm();
    block.set_kernel(make_plain_kernel(block, at::kFloat, at::kFloat));
  });
  return net;
}

void expect_same(const Prediction& actual, const Prediction& expected) {
  ASSERT_EQ(actual.outputs.size(), expected.outputs.size());
  for (std::size_t i = 0; i < actual.outputs.size(); ++i) {
    EXPECT_GT(expected.outputs[i].map.abs().max().item<double>(), 0);
    expect_near(actual.outputs[i].map, expected.outputs[i].map, expected.outputs[i].name);
  }
  expect_near(actual.attention, expected.attention, "attention");
  for (std::size_t i = 0; i < actual.gate_weights.size(); ++i) {
    expect_near(actual.gate_weights[i], expected.gate_weights[i], "weights");
  }
}

/// The network on one picture, by no part of what is tested.
Prediction alone(const DensityNet& net, const Image& picture) {
  const at::NoGradGuard no_gradients;
  return net.forward(image_tensor(picture, {}));
}

std::vector<Prediction> run(BatchForward& batches, const DensityNet& net, const std::vector<Image>& pictures) {
  std::vector<const Image*> pointers;
  for (const Image& picture : pictures) pointers.push_back(&picture);
  return batches.run(net, pointers, {});
}

TEST(BatchForwardTest, PicturesOfABatchAreAsIfAlone) {
  for (const char* encoder : {"resnet18", "vgg16_bn"}) {
    const DensityNet net = plain_net(encoder);
    BatchForward batches(at::kCPU, {});
    const std::vector<Image> pictures = {noisy_picture(75, 61, 1), noisy_picture(75, 61, 2), noisy_picture(75, 61, 3)};
    const std::vector<Prediction> together = run(batches, net, pictures);
    ASSERT_EQ(together.size(), 3U);
    for (std::size_t i = 0; i < pictures.size(); ++i) expect_same(together[i], alone(net, pictures[i]));
  }
}

TEST(BatchForwardTest, PicturesOfManySizesAreAsIfAlone) {
  const DensityNet net = plain_net();
  GraphCalls calls;
  BatchForward batches(at::kCPU, calling_graphs(calls));
  std::vector<Image> pictures;
  for (std::uint64_t seed = 1; seed <= 14; ++seed) {
    pictures.push_back(seed % 3 == 0 ? noisy_picture(40, 50, seed) : noisy_picture(50, 40, seed));
  }
  int counted = 0;
  for (const auto& batch : equal_size_batches(pictures, {.pictures = 2})) {
    std::vector<const Image*> pointers;
    for (const std::size_t index : batch) pointers.push_back(&pictures[index]);
    const std::vector<Prediction> predictions = batches.run(net, pointers, {});
    for (std::size_t i = 0; i < batch.size(); ++i, ++counted)
      expect_same(predictions[i], alone(net, pictures[batch[i]]));
  }
  EXPECT_EQ(counted, 14);
  EXPECT_GT(calls.replays, 0);
}

// Zeros of the normalised picture, as image_tensor() pads.
TEST(BatchForwardTest, SmallPicturesArePadded) {
  const DensityNet net = plain_net();
  BatchForward batches(at::kCPU, {});
  for (const auto& [width, height] : {std::pair{5, 7}, std::pair{5, 40}, std::pair{40, 1}}) {
    const Image picture = noisy_picture(width, height);
    expect_same(run(batches, net, {picture}).front(), alone(net, picture));
  }
}

/// Gives what another kernel gives, always in the same memory: as a graph does.
class SameMemory final : public ConvKernel {
 public:
  explicit SameMemory(std::unique_ptr<ConvKernel> kernel) : kernel_(std::move(kernel)) {}
  at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const override {
    const at::Tensor values = kernel_->run(input, residual);
    if (!memory_.defined()) memory_ = at::empty_like(values);
    return memory_.copy_(values);
  }

 private:
  std::unique_ptr<ConvKernel> kernel_;
  mutable at::Tensor memory_;
};

TEST(BatchForwardTest, WhatAGraphGaveStaysWhenItIsReplayed) {
  DensityNet net = std::move(tiny_model().net);
  net.train(false);
  net.visit([](const std::string& name, ConvBlock& block) {
    if (name == "head1.1") block.bias.fill_(3.0);
    block.fold_norm();
    std::unique_ptr<ConvKernel> kernel = make_plain_kernel(block, at::kFloat, at::kFloat);
    if (name == "head1.1") kernel = std::make_unique<SameMemory>(std::move(kernel));
    block.set_kernel(std::move(kernel));
  });
  GraphCalls calls;
  BatchForward batches(at::kCPU, calling_graphs(calls));
  std::vector<at::Tensor> kept, copies;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    kept.push_back(run(batches, net, {noisy_picture(48, 48, seed)}).front().outputs.front().map);
    copies.push_back(kept.back().clone());
  }
  EXPECT_GE(calls.replays, 2);
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_TRUE(at::equal(kept[i], copies[i])) << i;
  EXPECT_FALSE(at::equal(kept[4], kept[5]));
}

TEST(BatchForwardTest, AnotherNormalisationIsNotReplayedWithTheFirst) {
  const DensityNet net = plain_net();
  GraphCalls calls;
  BatchForward batches(at::kCPU, calling_graphs(calls));
  const Image picture = noisy_picture(48, 48);
  const Image* const pictures[] = {&picture};
  for (int time = 0; time < 5; ++time) batches.run(net, pictures, {});
  const Normalisation other{.mean = {0.5, 0.5, 0.5}, .deviation = {1, 1, 1}};
  const Prediction prediction = batches.run(net, pictures, other).front();
  const at::NoGradGuard no_gradients;
  expect_same(prediction, net.forward(image_tensor(picture, other)));
}

TEST(BatchForwardTest, SaysWhetherThereAreGraphs) {
  GraphCalls calls;
  EXPECT_THAT(BatchForward(at::kCPU, calling_graphs(calls)).graphs(), testing::HasSubstr("replayed from graphs"));
  EXPECT_THAT(BatchForward(at::kCPU, {.why_not = "it is too old"}).graphs(),
              testing::HasSubstr("without graphs: it is too old"));
}

TEST(BatchForwardTest, APictureWithoutPixelsIsRefused) {
  const DensityNet net = plain_net();
  BatchForward batches(at::kCPU, {});
  expect_error(ErrorKind::input, {"4 x 3 pixels with 5 bytes"},
               [&] { run(batches, net, {Image{.width = 4, .height = 3, .rgb = std::vector<std::uint8_t>(5)}}); });
}

TEST(DevicePrecision, Fp16IsForGpus) {
  EXPECT_EQ(choose_precision(Precision::fp16, at::Device(at::kCUDA, 0)), Precision::fp16);
  expect_error(ErrorKind::usage, {"fp16 is for GPUs", "auto"}, [] { choose_precision(Precision::fp16, at::kCPU); });
}

}  // namespace

}  // namespace throng
