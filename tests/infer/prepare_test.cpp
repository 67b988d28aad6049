#include "infer/prepare.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "expect_error.h"
#include "infer/device.h"
#include "infer/onednn.h"
#include "infer/plain_kernel.h"
#include "infer/predict.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

at::Tensor waves(at::IntArrayRef sizes, double step) {
  return at::sin(at::arange(c10::multiply_integers(sizes), at::TensorOptions().dtype(at::kFloat)) * step).view(sizes);
}

/// Statistics and scales away from 0 and 1, so that folding has something to get wrong.
void disturb_normalisation(DensityNet& net) {
  net.visit([](const std::string&, ConvBlock& block) {
    if (!block.norm) return;
    const std::vector<std::int64_t> sizes = block.norm->weight.sizes().vec();
    block.norm->weight = 1 + 0.3 * waves(sizes, 0.7);
    block.norm->bias = 0.2 * waves(sizes, 1.1);
    block.norm->running_mean = 0.3 * waves(sizes, 0.3);
    block.norm->running_var = 1 + 0.5 * waves(sizes, 0.5);
  });
}

/// So that no expert of a narrow net is zero everywhere behind its last ReLU.
void raise_heads(DensityNet& net) {
  net.visit([](const std::string& name, ConvBlock& block) {
    if (name.starts_with("head") && name.ends_with(".1")) block.bias.fill_(3.0);
  });
}

/// So that attention lies between 0 and 1, not at 1e-11 where a thousandth of the logit is a tenth of the value.
void moderate_attention(DensityNet& net) {
  net.visit([](const std::string& name, ConvBlock& block) {
    if (name == "attention.2") block.weight *= 0.004;
  });
}

void expect_close(const at::Tensor& actual, const at::Tensor& expected, double tolerance, const std::string& what) {
  ASSERT_EQ(actual.defined(), expected.defined()) << what;
  if (!actual.defined()) return;
  ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
  const double largest = expected.abs().max().item<double>();
  const double difference = (actual.to(at::kFloat) - expected).abs().max().item<double>();
  EXPECT_GT(largest, 0) << what;
  EXPECT_LE(difference, tolerance * largest) << what;
}

LoadedModel disturbed_model(const std::string& encoder) {
  LoadedModel model = tiny_model(encoder);
  disturb_normalisation(model.net);
  raise_heads(model.net);
  moderate_attention(model.net);
  model.net.train(false);
  return model;
}

void expect_same_prediction(const std::string& encoder, Precision precision, double tolerance) {
  LoadedModel model = disturbed_model(encoder);
  const at::Tensor input = image_tensor(noisy_picture(75, 61), model.card.normalisation);
  const at::NoGradGuard no_gradients;
  const Prediction expected = model.net.forward(input);
  const PreparedNet net = prepare(std::move(model.net), precision);
  const Prediction actual = net.forward(input);

  EXPECT_EQ(actual.final_map().scalar_type(), at::kFloat);
  ASSERT_EQ(actual.outputs.size(), expected.outputs.size());
  for (std::size_t i = 0; i < actual.outputs.size(); ++i) {
    expect_close(actual.outputs[i].map, expected.outputs[i].map, tolerance, encoder + " " + actual.outputs[i].name);
  }
  expect_close(actual.attention, expected.attention, tolerance, encoder + " attention");
  for (std::size_t i = 0; i < actual.gate_weights.size(); ++i) {
    expect_close(actual.gate_weights[i], expected.gate_weights[i], tolerance, encoder + " gate");
  }
}

class PrepareTest : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Encoders, PrepareTest, testing::Values("resnet18", "resnet50", "vgg16_bn"));

TEST_P(PrepareTest, FoldedNetGivesTheSameMaps) { expect_same_prediction(GetParam(), Precision::fp32, 1e-4); }

/// How far experts' maps are from the expected ones, relative and averaged over the experts.
double expert_error(const Prediction& actual, const Prediction& expected) {
  double sum = 0;
  int experts = 0;
  for (std::size_t i = 0; i < expected.outputs.size(); ++i) {
    if (expected.outputs[i].level > 0) continue;
    const at::Tensor& map = expected.outputs[i].map;
    const at::Tensor difference = actual.outputs[i].map.to(at::kFloat) - map;
    sum += (difference.square().sum() / map.square().sum()).sqrt().item<double>();
    ++experts;
  }
  return sum / experts;
}

// How far bf16 strays depends on the net, and on one picture on chance: random nets of many layers lose several
// percent. So it is held against PyTorch's own bf16 convolutions, over several pictures.
TEST_P(PrepareTest, Bf16StaysAsNearAsPyTorchs) {
  if (!has_native_bf16(at::kCPU)) GTEST_SKIP() << "this CPU has no native bf16";
  const at::NoGradGuard no_gradients;
  const LoadedModel exact = disturbed_model(GetParam());
  LoadedModel plain = disturbed_model(GetParam());
  plain.net.visit([](const std::string& name, ConvBlock& block) {
    block.fold_norm();
    block.set_kernel(make_plain_kernel(block, at::kBFloat16, gives_density(name, block) ? at::kFloat : at::kBFloat16));
  });
  const PreparedNet net = prepare(std::move(disturbed_model(GetParam()).net), Precision::bf16);
  double ours = 0, pytorchs = 0;
  constexpr int kPictures = 10;
  for (int i = 1; i <= kPictures; ++i) {
    const Image picture = noisy_picture(75, 61, static_cast<std::uint64_t>(i));
    const at::Tensor input = image_tensor(picture, exact.card.normalisation);
    const Prediction expected = exact.net.forward(input);
    ours += expert_error(net.forward(picture, exact.card.normalisation), expected) / kPictures;
    pytorchs += expert_error(plain.net.forward(input), expected) / kPictures;
  }
  RecordProperty("ours", std::to_string(ours));
  EXPECT_GT(ours, 0) << "computed in fp32";
  EXPECT_LE(ours, 1.3 * pytorchs);
}

TEST(Prepare, Bf16IsRefusedWhereItIsNotNative) {
  if (has_native_bf16(at::kCPU)) GTEST_SKIP() << "this CPU has native bf16";
  expect_error(ErrorKind::usage, {"bf16", "\"precision\"", "fp32"}, [] { prepare(tiny_model().net, Precision::bf16); });
  EXPECT_EQ(choose_precision(Precision::automatic, at::kCPU), Precision::fp32);
}

TEST(Prepare, SaysHowItComputes) {
  const PreparedNet net = prepare(tiny_model().net, Precision::fp32);
  EXPECT_EQ(net.precision(), Precision::fp32);
  if (why_no_packed_convolution().empty()) {
    EXPECT_THAT(net.kernels(), testing::HasSubstr("oneDNN"));
  } else {
    EXPECT_THAT(net.kernels(), testing::HasSubstr(why_no_packed_convolution()));
  }
}

struct ConvCase {
  ConvSpec spec;
  bool residual;
};

TEST(ConvolutionKernels, AgreeWithTheBlock) {
  const at::NoGradGuard no_gradients;
  for (const ConvCase& test : {ConvCase{{.in = 3, .out = 8, .kernel = 7, .stride = 2}, false},
                               ConvCase{{.in = 8, .out = 8, .kernel = 3}, true},
                               ConvCase{{.in = 8, .out = 4, .kernel = 1, .activation = Activation::none}, true},
                               ConvCase{{.in = 8, .out = 1, .kernel = 1}, false},
                               ConvCase{{.in = 1, .out = 6, .kernel = 3, .bias = false}, false}}) {
    ConvBlock block(test.spec);
    block.weight = waves(block.weight.sizes(), 0.9);
    if (block.bias.defined()) block.bias = waves(block.bias.sizes(), 2.0);
    const at::Tensor input = waves({1, test.spec.in, 13, 11}, 0.37).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor plain_output = block.forward(input);
    const at::Tensor residual =
        test.residual ? waves(plain_output.sizes(), 0.21).contiguous(at::MemoryFormat::ChannelsLast) : at::Tensor();
    const at::Tensor residual_before = test.residual ? residual.clone() : at::Tensor();
    const at::Tensor expected = block.forward(input, residual);

    const std::string what = "kernel " + std::to_string(test.spec.kernel);
    expect_close(make_plain_kernel(block, at::kFloat, at::kFloat)->run(input, residual), expected, 1e-5, what);
    if (test.residual) {
      EXPECT_TRUE(at::equal(residual, residual_before)) << what;
    }
  }
}

TEST(TorchDevice, NamesAreChecked) {
  EXPECT_TRUE(torch_device(parse_device("cpu")).is_cpu());
  if (at::hasCUDA()) GTEST_SKIP() << "this PyTorch has CUDA";
  EXPECT_TRUE(torch_device(parse_device("auto")).is_cpu());
  expect_error(ErrorKind::usage, {"cuda:3", "\"device\"", "cpu"}, [] { torch_device(parse_device("cuda:3")); });
}

}  // namespace

}  // namespace throng
