#include "train/device_step.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "core/draw.h"
#include "infer/calling_graph.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

constexpr int kCrop = 32;

/// Crops of noise with a few people, some of them partly beyond their picture.
Batch noisy_batch(int crops, std::uint64_t seed) {
  constexpr std::size_t kQuarter = kCrop / 4;
  const Draw draw(seed, "batch");
  std::uint64_t number = 0;
  Batch batch;
  batch.batch = crops;
  batch.size = kCrop;
  for (int i = 0; i < crops * kCrop * kCrop * 3; ++i)
    batch.rgb.push_back(static_cast<std::uint8_t>(draw.integer(number++, 256)));
  for (std::size_t i = 0; i < static_cast<std::size_t>(crops) * kQuarter * kQuarter; ++i) {
    const bool head = draw.uniform(number++) < 0.1;
    batch.density.push_back(head ? 1.0F : 0.0F);
    batch.density_squared.push_back(head ? 0.2F : 0.0F);
    batch.foreground.push_back(head ? 0.5F : 0.0F);
  }
  for (int b = 0; b < crops; ++b) {
    batch.valid_width.push_back(b == 0 ? 20 : kCrop);
    batch.valid_height.push_back(b == 0 ? 28 : kCrop);
    batch.points.emplace_back();
    batch.visits.push_back(static_cast<std::uint64_t>(b));
  }
  return batch;
}

/// All that trains a network, and two ways to make its steps.
struct Training {
  explicit Training(const TrainConfig& config)
      : criterion(loss(), model.net.hierarchy(), kCrop),
        autocast("fp32", at::kCPU),
        optimiser((lay_channels_last(model.net), model.net), config) {
    model.net.train(true);
  }

  static LossConfig loss() {
    LossConfig config;
    config.convention = "released";
    return config;
  }

  /// As on a CPU, number by number.
  StepValues at_once(const Batch& batch, double learning_rate) {
    const at::Tensor images = batch_images(batch, model.card.normalisation, at::kCPU);
    const Target target = batch_target(batch, model.card.density_scale, 1, at::kCPU);
    const Prediction prediction = model.net.forward(images);
    const LossReport report = criterion(prediction, target);
    StepValues values;
    for (const auto& [name, term] : report.terms) values.losses.emplace_back(name, term.item<double>());
    values.losses.emplace_back("total", report.total.item<double>());
    values.people = target.mean.any().item<bool>();
    values.silent = !prediction.final_map().any().item<bool>();
    values.gradient_norm = optimiser.descend(report.total, learning_rate);
    return values;
  }

  DeviceStep device_step(GraphSupport graphs) {
    return DeviceStep({model.net, criterion, optimiser, autocast, model.card}, at::kCPU, std::move(graphs));
  }

  LoadedModel model = tiny_model();
  Criterion criterion;
  Autocast autocast;
  Optimiser optimiser;
};

TrainConfig with_everything() {
  TrainConfig config;
  config.encoder_lr = 0.5;
  config.weight_decay = 1e-3;
  config.ema = 0.9;
  return config;
}

void expect_equal_values(const StepValues& actual, const StepValues& expected, const std::string& what) {
  ASSERT_EQ(actual.losses.size(), expected.losses.size()) << what;
  for (std::size_t i = 0; i < actual.losses.size(); ++i) {
    EXPECT_EQ(actual.losses[i].first, expected.losses[i].first) << what;
    EXPECT_NEAR(actual.losses[i].second, expected.losses[i].second, 1e-3 * std::abs(expected.losses[i].second) + 1e-9)
        << what << " " << actual.losses[i].first;
  }
  EXPECT_NEAR(actual.gradient_norm, expected.gradient_norm, 1e-3 * expected.gradient_norm) << what;
  EXPECT_EQ(actual.people, expected.people) << what;
  EXPECT_EQ(actual.silent, expected.silent) << what;
}

/// Everything that a run is continued from, relative to how large it is.
void expect_equal_state(Training& actual, Training& expected) {
  const auto check = [](const std::string& name, const at::Tensor& a, const at::Tensor& b) {
    const double largest = b.abs().max().item<double>();
    EXPECT_LE((a - b).abs().max().item<double>(), 2e-3 * largest + 1e-12) << name;
  };
  const auto nets = std::pair{actual.model.net.tensors(), expected.model.net.tensors()};
  for (std::size_t i = 0; i < nets.first.size(); ++i)
    check(nets.first[i].name, *nets.first[i].tensor, *nets.second[i].tensor);
  const auto states = std::pair{actual.optimiser.state(), expected.optimiser.state()};
  for (std::size_t i = 0; i < states.first.size(); ++i) {
    if (!states.first[i].first.starts_with("first_moment"))
      check(states.first[i].first, states.first[i].second, states.second[i].second);
  }
}

void expect_steps_as_at_once(const TrainConfig& config, int steps) {
  GraphCalls calls;
  Training expected(config), trained(config);
  DeviceStep device = trained.device_step(calling_graphs(calls));
  std::vector<StepValues> at_once;
  for (int i = 0; i < steps; ++i) {
    const Batch batch = noisy_batch(2, static_cast<std::uint64_t>(i));
    const double rate = 1e-4 / (i + 1);  // another for each, also for those that are replayed
    at_once.push_back(expected.at_once(batch, rate));
    device.run(batch, rate, 0);
  }
  EXPECT_EQ(device.unread(), steps);
  const std::vector<StepValues> values = device.read();
  EXPECT_EQ(device.unread(), 0);
  ASSERT_EQ(values.size(), at_once.size());
  for (std::size_t i = 0; i < values.size(); ++i) expect_equal_values(values[i], at_once[i], std::to_string(i));
  EXPECT_EQ(calls.captures, 1);
  EXPECT_EQ(calls.replays, steps - 3);
  expect_equal_state(trained, expected);
}

TEST(DeviceStepTest, StepsAreThoseMadeAtOnce) { expect_steps_as_at_once(with_everything(), 7); }

TEST(DeviceStepTest, GradientsAreClippedAsAtOnce) {
  TrainConfig config = with_everything();
  config.clip = 0.5;  // below the norms here
  expect_steps_as_at_once(config, 5);
}

// An epoch's last batch is smaller, and a frozen normalisation is another network.
TEST(DeviceStepTest, EachFormIsRecordedAlone) {
  GraphCalls calls;
  Training trained(with_everything());
  DeviceStep device = trained.device_step(calling_graphs(calls));
  for (int i = 0; i < 4; ++i) device.run(noisy_batch(2, 1), 1e-5, 0);
  EXPECT_EQ(calls.captures, 1);
  for (int i = 0; i < 3; ++i) device.run(noisy_batch(1, 1), 1e-5, 0);
  EXPECT_EQ(calls.captures, 1);
  device.run(noisy_batch(1, 1), 1e-5, 0);
  EXPECT_EQ(calls.captures, 2);
  for (int i = 0; i < 4; ++i) device.run(noisy_batch(2, 1), 1e-5, 1);
  EXPECT_EQ(calls.captures, 3);
  EXPECT_EQ(device.read().size(), 12U);
}

// What a graph reads and writes must stay where it was recorded.
TEST(DeviceStepTest, WeightsStayWhereTheyAre) {
  GraphCalls calls;
  Training trained(with_everything());
  DeviceStep device = trained.device_step(calling_graphs(calls));
  const auto places = [&] {
    std::vector<const void*> all;
    for (const NamedTensor& named : trained.model.net.tensors()) all.push_back(named.tensor->const_data_ptr());
    for (const auto& [name, tensor] : trained.optimiser.state()) all.push_back(tensor.const_data_ptr());
    return all;
  };
  const std::vector<const void*> before = places();
  for (int i = 0; i < 6; ++i) device.run(noisy_batch(2, static_cast<std::uint64_t>(i)), 1e-5, 0);
  trained.optimiser.with_averages([] {});
  trained.model.net.train(false);
  EXPECT_EQ(places(), before);
}

TEST(DeviceStepTest, AStepThatIsNotFiniteMovesNothing) {
  GraphCalls calls;
  Training trained(TrainConfig{});
  DeviceStep device = trained.device_step(calling_graphs(calls));
  device.run(noisy_batch(2, 1), 1e-4, 0);
  Batch broken = noisy_batch(2, 2);
  broken.density[3] = std::numeric_limits<float>::quiet_NaN();
  std::vector<at::Tensor> before;
  for (const NamedTensor& named : trained.model.net.tensors()) {
    if (named.trained) before.push_back(named.tensor->detach().clone());
  }
  device.run(broken, 1e-4, 0);
  std::size_t index = 0;
  for (const NamedTensor& named : trained.model.net.tensors()) {
    if (named.trained) {
      EXPECT_TRUE(at::equal(*named.tensor, before[index++])) << named.name;
    }
  }
  const std::vector<StepValues> values = device.read();
  EXPECT_TRUE(std::isfinite(values[0].losses.back().second));
  EXPECT_TRUE(std::isnan(values[1].losses.back().second));
}

TEST(DeviceStepTest, LossesThatLookAtEachCropAreNotRecorded) {
  LossConfig loss;
  EXPECT_EQ(why_loss_varies(loss), "");
  loss.relative_choice = "matryoshka";
  EXPECT_THAT(why_loss_varies(loss), testing::HasSubstr("loss.relative_choice"));
  loss.relative = 0;
  EXPECT_EQ(why_loss_varies(loss), "");
  loss.variation = 1;
  EXPECT_THAT(why_loss_varies(loss), testing::HasSubstr("loss.variation"));
  loss.transport = 1;
  EXPECT_THAT(why_loss_varies(loss), testing::HasSubstr("loss.transport"));
}

}  // namespace

}  // namespace throng
