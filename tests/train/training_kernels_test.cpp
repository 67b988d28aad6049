#include "train/training_kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "kernels/openmp_threads.h"
#include "train/bf16_convolution.h"
#include "train/norm_relu.h"
#include "train/precision.h"

namespace throng {
namespace {

bool has_bf16() { return Autocast("auto", at::kCPU).on(); }

at::Tensor values_of_bf16(at::IntArrayRef sizes, std::uint64_t seed) {
  at::manual_seed(seed);
  return at::randn(sizes).to(at::kBFloat16).to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
}

// |a - b| / |b| in the Euclidean norm.
double difference(const at::Tensor& a, const at::Tensor& b) {
  return ((a.to(at::kDouble) - b.to(at::kDouble)).norm() / b.to(at::kDouble).norm()).item<double>();
}

class TrainingInBf16 : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_bf16()) GTEST_SKIP() << "this processor does not multiply bf16";
  }
};

// Our sums, and those of oneDNN where a shape is not for them: odd widths, few channels, strides, 1x1.
TEST_F(TrainingInBf16, ConvolutionsHaveTheGradientsOfTorch) {
  struct Case {
    ConvSpec spec;
    std::int64_t height, width;
  };
  const Case cases[] = {{{.in = 64, .out = 32, .padding = 1}, 6, 8},
                        {{.in = 64, .out = 32, .padding = 1}, 6, 7},
                        {{.in = 3, .out = 32, .padding = 1}, 6, 8},
                        {{.in = 32, .out = 64, .stride = 2, .padding = 1, .bias = false}, 8, 8},
                        {{.in = 32, .out = 64, .kernel = 1, .padding = 0}, 4, 6}};
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << c.spec.in << " to " << c.spec.out << ", " << c.height << "x" << c.width);
    const ConvSpec& spec = c.spec;
    at::Tensor x = values_of_bf16({2, spec.in, c.height, c.width}, 1).set_requires_grad(true);
    at::Tensor weight = values_of_bf16({spec.out, spec.in, spec.kernel, spec.kernel}, 2).set_requires_grad(true);
    at::Tensor bias =
        spec.bias ? values_of_bf16({1, spec.out, 1, 1}, 3).flatten().set_requires_grad(true) : at::Tensor();
    const at::Tensor y = bf16_convolution(x, weight, bias, spec);
    EXPECT_EQ(y.scalar_type(), at::kBFloat16);
    const at::Tensor slope = values_of_bf16(y.sizes(), 4);
    y.backward(slope.to(at::kBFloat16));

    const auto exact = [](const at::Tensor& t) { return t.detach().to(at::kDouble).set_requires_grad(true); };
    const at::Tensor exact_x = exact(x), exact_weight = exact(weight);
    const at::Tensor exact_bias = spec.bias ? exact(bias) : at::Tensor();
    const at::Tensor exact_y = at::conv2d(exact_x, exact_weight, spec.bias ? std::optional(exact_bias) : std::nullopt,
                                          {spec.stride, spec.stride}, {spec.padding, spec.padding});
    exact_y.backward(slope.to(at::kDouble));
    EXPECT_LT(difference(y, exact_y), 4e-3);
    EXPECT_LT(difference(x.grad(), exact_x.grad()), 4e-3);
    EXPECT_LT(difference(weight.grad(), exact_weight.grad()), 4e-3);
    EXPECT_EQ(weight.grad().strides(), weight.strides());
    if (spec.bias) {
      EXPECT_LT(difference(bias.grad(), exact_bias.grad()), 4e-3);
    }
  }
}

struct NormCase {
  bool of_batch, relu;
};

class NormInBf16 : public testing::TestWithParam<NormCase> {};

TEST_P(NormInBf16, IsThatOfTorch) {
  const auto [of_batch, relu] = GetParam();
  at::Tensor x = (values_of_bf16({3, 20, 9, 7}, 1) * 2 + 1).to(at::kBFloat16);
  x = x.contiguous(at::MemoryFormat::ChannelsLast).set_requires_grad(true);
  at::manual_seed(2);
  BatchNorm norm{at::randn({20}).set_requires_grad(true), at::randn({20}).set_requires_grad(true), at::randn({20}),
                 at::rand({20}) + 0.5};
  const auto exact = [](const at::Tensor& t) { return t.detach().to(at::kDouble).clone(); };
  const at::Tensor exact_x = exact(x).set_requires_grad(true),
                   exact_weight = exact(norm.weight).set_requires_grad(true),
                   exact_bias = exact(norm.bias).set_requires_grad(true);
  const at::Tensor mean = exact(norm.running_mean), variance = exact(norm.running_var);

  Normalised origin;
  const at::Tensor y = norm_relu(x, norm, {of_batch, 1e-3, relu}, origin);
  const at::Tensor slope = values_of_bf16(y.sizes(), 4);
  y.backward(slope.to(at::kBFloat16));
  at::Tensor exact_y = at::batch_norm(exact_x, exact_weight, exact_bias, mean, variance, of_batch, 0.1, 1e-3, false);
  if (relu) exact_y = at::relu(exact_y);
  exact_y.backward(slope.to(at::kDouble));

  EXPECT_LT(difference(y, exact_y), 4e-3);
  EXPECT_LT(difference(x.grad(), exact_x.grad()), 4e-3);
  EXPECT_LT(difference(norm.weight.grad(), exact_weight.grad()), 1e-5);
  EXPECT_LT(difference(norm.bias.grad(), exact_bias.grad()), 1e-5);
  EXPECT_LT(difference(norm.running_mean, mean), 1e-6);
  EXPECT_LT(difference(norm.running_var, variance), 1e-6);
  EXPECT_TRUE(at::equal(origin.values(), y)) << "made again, it has the same bits";
}
INSTANTIATE_TEST_SUITE_P(Cases, NormInBf16,
                         testing::Values(NormCase{true, true}, NormCase{true, false}, NormCase{false, true}));

TEST(NormalisedFeatures, AreFoundAsLongAsTheyAreThere) {
  NormalisedFeatures features;
  const at::Tensor first = at::ones({1}), second = at::ones({1});
  features.add(first, Normalised{at::full({1}, 3.0), {}, {}});
  ASSERT_NE(features.find(first), nullptr);
  EXPECT_EQ(features.find(first)->x.item<double>(), 3.0);
  EXPECT_EQ(features.find(second), nullptr);
  features.add(at::ones({2}), {});  // goes at once
  for (int i = 0; i < 100; ++i) EXPECT_EQ(features.find(at::ones({2})), nullptr);
  features.clear();
  EXPECT_EQ(features.find(first), nullptr);
}

class NetworkInBf16 : public TrainingInBf16 {
 protected:
  static DensityNet network(const std::string& encoder) {
    ModelConfig config;
    config.encoder = encoder;
    config.width = 0.1;
    config.init = "kaiming";
    DensityNet net(config);
    initialise(net, 1);
    for (const NamedTensor& named : net.tensors()) {
      if (named.trained) named.tensor->set_requires_grad(true);
    }
    net.train(true);
    return net;
  }
  static at::Tensor loss_of(const Prediction& prediction) {
    at::Tensor loss = prediction.attention.square().sum();
    for (const DensityOutput& output : prediction.outputs) loss = loss + (output.map - 0.5).square().sum();
    return loss;
  }
};

// Everything that gradients go through: norms, residuals, strides, pools, resizing, gates.
TEST_F(NetworkInBf16, LearnsWhatItLearnsInFp32) {
  const at::Tensor images = values_of_bf16({4, 3, 64, 64}, 3);
  for (const char* encoder : {"vgg16_bn", "resnet18"}) {
    SCOPED_TRACE(encoder);
    DensityNet exact = network(encoder), rounded = network(encoder);
    TrainingKernels kernels(rounded);
    for (const NamedTensor& named : rounded.tensors()) named.tensor->set_requires_grad(named.trained);
    kernels.use(/*freeze_encoder_norm=*/false);
    const at::Tensor exact_loss = loss_of(exact.forward(images)), rounded_loss = loss_of(kernels.forward(images));
    EXPECT_NEAR(rounded_loss.item<double>() / exact_loss.item<double>(), 1, 0.02);
    exact_loss.backward();
    rounded_loss.backward();
    const auto expected = exact.tensors(), given = rounded.tensors();
    double squares = 0, products = 0, others = 0;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (!given[i].trained || !expected[i].tensor->grad().defined()) continue;
      const at::Tensor a = given[i].tensor->grad().to(at::kDouble), b = expected[i].tensor->grad().to(at::kDouble);
      ASSERT_EQ(given[i].tensor->grad().scalar_type(), at::kFloat) << given[i].name;
      products += (a * b).sum().item<double>();
      squares += a.square().sum().item<double>();
      others += b.square().sum().item<double>();
    }
    EXPECT_GT(products / std::sqrt(squares * others), 0.98) << "cosine of the two gradients";
    EXPECT_NEAR(std::sqrt(squares / others), 1, 0.05);
  }
}

TEST_F(NetworkInBf16, ComputesAsBeforeWhenReleased) {
  DensityNet net = network("resnet18");
  net.train(false);
  const at::Tensor images = values_of_bf16({1, 3, 32, 32}, 3);
  const at::Tensor before = net.forward(images).final_map();
  {
    TrainingKernels kernels(net);
    kernels.use(true);
    kernels.release();
    EXPECT_LT(difference(net.forward(images).final_map(), before), 1e-5);
    kernels.use(true);
  }
  EXPECT_LT(difference(net.forward(images).final_map(), before), 1e-5);
}

// libtorch's OpenMP is there in this program.
TEST(OpenMpThreadsOfTorch, ShareTheWork) {
  const int threads = at::get_num_threads();
  at::set_num_threads(2);
  std::mutex mutex;
  std::multiset<std::pair<std::int64_t, std::int64_t>> ranges;
  std::set<std::thread::id> workers;
  on_openmp_threads(5, [&](std::int64_t begin, std::int64_t end) {
    on_openmp_threads(2, [&](std::int64_t, std::int64_t inner) { EXPECT_EQ(inner, 2) << "not again inside"; });
    const std::lock_guard lock(mutex);
    ranges.emplace(begin, end);
    workers.insert(std::this_thread::get_id());
  });
  at::set_num_threads(threads);
  EXPECT_EQ(ranges, (std::multiset<std::pair<std::int64_t, std::int64_t>>{{0, 3}, {3, 5}}));
  EXPECT_EQ(workers.size(), 2U);
  EXPECT_THROW(on_openmp_threads(4, [](std::int64_t, std::int64_t) { throw std::runtime_error("no"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace throng
