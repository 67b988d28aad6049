#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "confidence/picture_statistics.h"
#include "expect_error.h"
#include "image/resize.h"
#include "infer/confidence_calibrator.h"
#include "infer/evidence.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"
#include "throng/counter.h"

namespace throng {
namespace {

// A tiny network with intervals; its counts are as wrong as the made-up truth makes them.
class ConfidenceTest : public testing::Test {
 protected:
  ConfidenceTest() {
    save_tiny_model(plain_);
    ConfidenceCalibrator calibrator(plain_, one_thread());
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Image image = noisy_picture(64, 48, seed);
      calibrator.add(image, 30 + static_cast<double>(seed), seed % 2 == 0 ? "even" : "odd");
    }
    rewrite_model(plain_, calibrated_, [&](ModelCard& card) {
      card.intervals = calibrator.intervals();
      card.familiarity = calibrator.familiarity();
    });
  }
  static CounterOptions one_thread(double interval = 0) { return {.threads = 1, .interval = interval}; }

  TemporaryFolder folder_;
  std::filesystem::path plain_ = folder_ / "plain.safetensors";
  std::filesystem::path calibrated_ = folder_ / "calibrated.safetensors";
};

TEST_F(ConfidenceTest, EvidenceIsEveryMapAndASmallerCopy) {
  const CountingNetwork network = CountingNetwork::load(plain_, one_thread());
  const Image image = noisy_picture(96, 64);
  const Prediction prediction = network.predict(image);
  const CountEvidence evidence = count_evidence(network, image, prediction);
  // Three experts, three pairs, the final map; its place among the opinions is the smaller copy's.
  ASSERT_EQ(evidence.opinions.size(), 7U);
  EXPECT_EQ(evidence.count, network.people(prediction.final_map(), image).count);
  EXPECT_EQ(evidence.opinions[0], network.people(prediction.outputs[0].map, image).count);
  const Counter counter = Counter::load(plain_, one_thread());
  EXPECT_EQ(evidence.opinions[6], counter.count(resize_image(image, 68, 45)).count);
}

TEST_F(ConfidenceTest, FeaturesAreThoseOfThePictureAndOfWhatTheNetworkSees) {
  const CountingNetwork network = CountingNetwork::load(plain_, one_thread());
  const Image image = noisy_picture(96, 64);
  const Prediction prediction = network.predict(image);
  const PictureFeatures features = picture_features(network, image, image, prediction),
                        pixels = picture_statistics(image);
  ASSERT_EQ(features.size(), 5U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(features[i].name, pixels[i].name);
    EXPECT_EQ(features[i].values, pixels[i].values);
  }
  // 6 + 3 weights and the attention, mean and deviation each; the weights of a group sum to 1.
  EXPECT_EQ(features[3].name, "gates");
  const std::vector<double>& gates = features[3].values;
  ASSERT_EQ(gates.size(), 20U);
  EXPECT_NEAR(gates[0] + gates[2], 1, 1e-5);
  EXPECT_NEAR(gates[12] + gates[14] + gates[16], 1, 1e-5);
  // The final map's density and the six other maps.
  EXPECT_EQ(features[4].name, "crowd");
  const std::vector<double>& crowd = features[4].values;
  ASSERT_EQ(crowd.size(), 8U);
  const GridCount counted = network.people(prediction.final_map(), image);
  ASSERT_GT(counted.count, 0);
  double squares = 0;
  for (const float value : counted.grid.values) squares += static_cast<double>(value) * value;
  EXPECT_NEAR(std::exp(crowd[0]), squares / counted.count + 0.003, 1e-9);
  EXPECT_NEAR(std::exp(crowd[1]), counted.count / (96 * 64 / 16.0) + 1e-4, 1e-9);
  const double opinion = std::max(0.0, network.people(prediction.outputs[2].map, image).count);
  EXPECT_NEAR(std::exp(crowd[4]), (opinion + 30) / (counted.count + 30), 1e-9);
}

TEST_F(ConfidenceTest, AnExpertWithoutNumbersIsUnlikeAll) {
  const CountingNetwork network = CountingNetwork::load(plain_, one_thread());
  const Image image = noisy_picture(96, 64);
  Prediction prediction = network.predict(image);
  prediction.outputs[2].map = prediction.outputs[2].map * std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(picture_features(network, image, image, prediction)[4].values[4], 100);
}

// A tensor without numbers is the simplest thing that torch refuses to compute with.
TEST_F(ConfidenceTest, WhatTorchThrowsBecomesASentence) {
  const CountingNetwork network = CountingNetwork::load(plain_, one_thread());
  const Image image = noisy_picture(96, 64);
  const at::Tensor nothing = at::empty({1, 1, 16, 24}, at::TensorOptions().device(at::kMeta));
  expect_error(ErrorKind::failure, {"counting an image of 96 x 64 pixels failed: "},
               [&] { network.people(nothing, image); });
  Prediction prediction = network.predict(image);
  prediction.gate_weights.front() = nothing;
  expect_error(ErrorKind::failure, {"counting an image of 96 x 64 pixels failed: "},
               [&] { picture_features(network, image, image, prediction); });
}

TEST_F(ConfidenceTest, AMeasureOfOtherFeaturesIsABadModel) {
  const std::filesystem::path other = folder_ / "other.safetensors";
  rewrite_model(calibrated_, other, [](ModelCard& card) { card.familiarity->groups.pop_back(); });
  expect_error(ErrorKind::model, {"familiarity", "throng model calibrate"}, [&] { Counter::load(other); });
  rewrite_model(calibrated_, other, [](ModelCard& card) {
    KnownFeatures& gates = card.familiarity->groups[3];
    gates.deviation.pop_back();
    for (std::vector<double>& picture : gates.pictures) picture.pop_back();
  });
  expect_error(ErrorKind::model, {"familiarity", "throng model calibrate"}, [&] { Counter::load(other); });
}

TEST_F(ConfidenceTest, CalibratingNeedsTheMemoryOfBothLooks) {
  const ImageSize tall{32, 20000}, smaller = scaled_size(tall, kSecondLook);
  const CountingNetwork network = CountingNetwork::load(plain_, one_thread());
  const std::int64_t needed = network.net().memory(smaller.width, smaller.height, {.pixels = 1}) +
                              picture_bytes(smaller) + picture_bytes(tall) + network.prediction_bytes(tall);
  const auto calibrator = [&](std::int64_t limit) {
    return ConfidenceCalibrator(plain_, {.device = "cpu", .threads = 1, .memory_limit = limit});
  };
  calibrator(needed).check_memory(tall.width, tall.height);
  expect_error(ErrorKind::failure, {"for its interval", "23 x 14142"},
               [&] { calibrator(needed - 1).check_memory(tall.width, tall.height); });
}

TEST_F(ConfidenceTest, AnUnlikePictureSaysInWhat) {
  const Counter counter = Counter::load(calibrated_, one_thread());
  const CountResult known = counter.count(noisy_picture(64, 48, 3));
  EXPECT_LT(*known.unfamiliarity, 1);  // it was calibrated with that very picture
  EXPECT_EQ(known.unlike, "");
  Image black = noisy_picture(64, 48, 3);
  for (std::uint8_t& value : black.rgb) value = static_cast<std::uint8_t>(value / 16);
  const CountResult unlike = counter.count(black);
  EXPECT_GT(*unlike.unfamiliarity, 1);
  EXPECT_THAT(unlike.unlike, testing::AnyOf("sharpness", "light", "colour"));
}

TEST_F(ConfidenceTest, CountsComeWithIntervals) {
  const Counter plain = Counter::load(plain_, one_thread()), counter = Counter::load(calibrated_, one_thread(0.9));
  const Image image = noisy_picture(64, 48, 50);
  const CountResult result = counter.count(image);
  EXPECT_EQ(result.count, plain.count(image).count);
  EXPECT_FALSE(plain.count(image).interval || plain.count(image).unfamiliarity);
  ASSERT_TRUE(result.interval && result.unfamiliarity);
  EXPECT_EQ(result.interval->level, 0.9);
  EXPECT_GE(result.interval->low, 0);
  EXPECT_LE(result.interval->low, result.count);
  EXPECT_GE(result.interval->high, result.count);
  const CountingNetwork network = CountingNetwork::load(calibrated_, one_thread());
  const PictureFeatures features = picture_features(network, image, image, network.predict(image));
  EXPECT_EQ(*result.unfamiliarity, unfamiliarity(*network.card().familiarity, features).distance);

  const std::vector<CountResult> both = {result, result};
  const CountInterval total = counter.total_interval(both);
  EXPECT_LE(total.high - 2 * result.count, 2 * (result.interval->high - result.count) + 1e-9);
  EXPECT_GE(total.high - 2 * result.count, std::sqrt(2.0) * (result.interval->high - result.count) - 1e-9);
  const std::vector<CountResult> without = {plain.count(image)};
  expect_error(ErrorKind::usage, {"CounterOptions::interval"}, [&] { counter.total_interval(without); });
}

TEST_F(ConfidenceTest, BatchesHaveTheSameIntervals) {
  const Counter counter = Counter::load(calibrated_, one_thread(0.8));
  const std::vector<Image> images = {noisy_picture(64, 48, 5), noisy_picture(40, 56, 6)};
  const std::vector<CountResult> results = counter.count(images);
  for (std::size_t i = 0; i < images.size(); ++i) {
    ASSERT_TRUE(results[i].interval);
    EXPECT_EQ(results[i].interval->high, counter.count(images[i]).interval->high);
  }
}

TEST_F(ConfidenceTest, WhatCannotBeKnownIsSaidAtOnce) {
  expect_error(ErrorKind::usage, {"not calibrated", "throng model calibrate"},
               [&] { Counter::load(plain_, one_thread(0.9)); });
  expect_error(ErrorKind::usage, {"20 pictures", "0.99"}, [&] { Counter::load(calibrated_, one_thread(0.99)); });
  expect_error(ErrorKind::usage, {"between 0 and 1"}, [&] { Counter::load(calibrated_, one_thread(1.5)); });
}

TEST_F(ConfidenceTest, PicturesOfOnePixelHaveIntervals) {
  const Counter counter = Counter::load(calibrated_, one_thread(0.9));
  EXPECT_TRUE(counter.count(noisy_picture(1, 1)).interval.has_value());
}

}  // namespace
}  // namespace throng
