#include "train/optimiser.h"

#include <gtest/gtest.h>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <memory>

#include "expect_error.h"

namespace throng {
namespace {

DensityNet tiny_net() {
  ModelConfig config;
  config.encoder = "resnet18";
  config.width = 0.02;
  config.init = "kaiming";
  DensityNet net(config);
  initialise(net, 1);
  return net;
}

at::Tensor find(DensityNet& net, const std::string& name) {
  for (const NamedTensor& named : net.tensors()) {
    if (named.name == name) return *named.tensor;
  }
  throw std::runtime_error("no tensor " + name);
}

// AdamW by its formula, in double.
struct HandAdam {
  double value, first = 0, second = 0;
  int steps = 0;

  void step(double gradient, double lr, double decay) {
    ++steps;
    value -= lr * decay * value;
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient * gradient;
    const double first_hat = first / (1 - std::pow(0.9, steps)), second_hat = second / (1 - std::pow(0.999, steps));
    value -= lr * first_hat / (std::sqrt(second_hat) + 1e-8);
  }
};

TEST(Optimiser, IsAdamWithDecoupledDecay) {
  DensityNet net = tiny_net();
  TrainConfig config;
  config.weight_decay = 0.1;
  config.encoder_lr = 0.5;
  Optimiser optimiser(net, config);
  at::Tensor head = find(net, "head1.1.bias"), stem = find(net, "encoder.stem.weight");
  HandAdam hand_head{head.item<double>()}, hand_stem{stem.flatten()[0].item<double>()};
  for (const double gradient : {0.5, -2.0, 0.25}) {
    head.mutable_grad() = at::full_like(head, gradient);
    stem.mutable_grad() = at::full_like(stem, gradient);
    optimiser.step(0.01);
    hand_head.step(gradient, 0.01, 0.1);
    hand_stem.step(gradient, 0.005, 0.1);
    EXPECT_NEAR(head.item<double>(), hand_head.value, 1e-6);
    EXPECT_NEAR(stem.flatten()[0].item<double>(), hand_stem.value, 1e-6);
    EXPECT_FALSE(head.grad().defined());
  }
}

// What is used and dropped on the way through the backward pass is what a step with all gradients uses.
TEST(Optimiser, DescendsAsItSteps) {
  for (const double clip : {0.0, 0.01}) {
    TrainConfig config;
    config.clip = clip;
    config.ema = 0.5;
    DensityNet net = tiny_net(), other = tiny_net();
    Optimiser optimiser(net, config), stepping(other, config);
    const auto loss = [](DensityNet& of) {
      return find(of, "head1.1.weight").square().sum() + find(of, "encoder.stem.weight").pow(3).sum();
    };
    for (int i = 0; i < 3; ++i) {
      const double norm = optimiser.descend(loss(net), 0.01);
      loss(other).backward();
      EXPECT_NEAR(norm, stepping.step(0.01), 1e-5 * norm);
      EXPECT_FALSE(find(net, "encoder.stem.weight").grad().defined()) << "the gradient is gone";
    }
    EXPECT_TRUE(at::equal(find(net, "encoder.stem.weight"), find(other, "encoder.stem.weight")));
    EXPECT_TRUE(at::equal(find(net, "head1.1.weight"), find(other, "head1.1.weight")));
    const auto states = optimiser.state(), expected = stepping.state();
    for (std::size_t i = 0; i < states.size(); ++i)
      EXPECT_TRUE(at::equal(states[i].second, expected[i].second)) << states[i].first;
  }
}

TEST(Optimiser, KeepsMomentsInBf16WhereItIsTo) {
  DensityNet net = tiny_net(), other = tiny_net();
  Optimiser optimiser(net, {}, at::kBFloat16), exact(other, {});
  for (int i = 0; i < 4; ++i) {
    for (DensityNet* of : {&net, &other}) {
      const at::Tensor stem = find(*of, "encoder.stem.weight");
      at::Tensor(stem).mutable_grad() = stem.detach() * (1 + i);
    }
    const double norm = exact.step(0.01);
    EXPECT_NEAR(optimiser.step(0.01), norm, 1e-5 * norm);
  }
  for (const auto& [name, tensor] : optimiser.state())
    EXPECT_EQ(tensor.scalar_type(), name.starts_with("step.") ? at::kFloat : at::kBFloat16) << name;
  const at::Tensor a = find(net, "encoder.stem.weight"), b = find(other, "encoder.stem.weight"),
                   start = find(*std::make_unique<DensityNet>(tiny_net()), "encoder.stem.weight");
  EXPECT_LT(((a - b).norm() / (b - start).norm()).item<double>(), 0.01);
}

TEST(Optimiser, ClipsTheGradientsToTheirNorm) {
  DensityNet net = tiny_net();
  TrainConfig config;
  config.clip = 1.0;
  Optimiser optimiser(net, config);
  at::Tensor a = find(net, "head1.1.bias"), b = find(net, "head2.1.bias");
  a.mutable_grad() = at::full_like(a, 3.0);
  b.mutable_grad() = at::full_like(b, 4.0);
  EXPECT_NEAR(optimiser.step(0), 5.0, 1e-6);
  for (const auto& [name, tensor] : optimiser.state()) {
    if (name == "first_moment.head1.1.bias") {
      EXPECT_NEAR(tensor.item<double>(), 0.1 * 3.0 / 5.0, 1e-6);
    }
  }
}

// As where all that a loss looks at is frozen.
TEST(Optimiser, WithoutAGradientNothingMoves) {
  for (const double clip : {0.0, 1.0}) {
    DensityNet net = tiny_net();
    TrainConfig config;
    config.clip = clip;
    config.weight_decay = 0.1;
    Optimiser optimiser(net, config);
    const at::Tensor head = find(net, "head1.1.weight"), before = head.detach().clone();
    const auto loss = [] { return at::ones({}).set_requires_grad(true).square(); };
    EXPECT_EQ(optimiser.descend(loss(), 0.01), 0);
    optimiser.set_rate(0.01);
    EXPECT_EQ(optimiser.descend_without_waiting(loss()).item<double>(), 0);
    EXPECT_TRUE(at::equal(head, before));
    for (const auto& [name, tensor] : optimiser.state()) EXPECT_FALSE(tensor.any().item<bool>()) << name;
  }
}

TEST(Optimiser, FrozenPrefixesKeepTheirWeights) {
  DensityNet net = tiny_net();
  TrainConfig config;
  config.frozen = {"encoder.stem", "encoder.layer1"};
  Optimiser optimiser(net, config);
  EXPECT_FALSE(find(net, "encoder.layer1.0.conv1.weight").requires_grad());
  EXPECT_TRUE(find(net, "encoder.layer2.0.conv1.weight").requires_grad());
  config.frozen = {"encoder.layer9"};
  expect_error(ErrorKind::usage, {"encoder.layer9"}, [&] { Optimiser(net, config); });
  config.frozen = {"encoder.", "decoder.", "head", "gate", "attention."};
  expect_error(ErrorKind::usage, {"train.frozen", "nothing"}, [&] { Optimiser(net, config); });
}

// Weights 1 -> w after one step: the average is 0.9 * 1 + 0.1 * w, and is only in the net inside with_averages.
TEST(Optimiser, AveragesAreLentToTheNet) {
  DensityNet net = tiny_net();
  at::Tensor head = find(net, "head1.1.bias");
  head.fill_(1.0);
  TrainConfig config;
  config.ema = 0.9;
  Optimiser optimiser(net, config);
  head.mutable_grad() = at::full_like(head, 1.0);
  optimiser.step(0.5);
  const double moved = head.item<double>();
  EXPECT_NEAR(moved, 0.5, 1e-4);
  optimiser.with_averages([&] { EXPECT_NEAR(head.item<double>(), 0.9 + 0.1 * moved, 1e-6); });
  EXPECT_EQ(head.item<double>(), moved);
}

}  // namespace
}  // namespace throng
