#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "image/draw.h"
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

TEST_F(ConfidenceTest, FeaturesAreThoseOfGatesAndAttention) {
  const CountingNetwork network = CountingNetwork::load(plain_, one_thread());
  const std::vector<double> features = picture_features(network.predict(noisy_picture(96, 64)));
  // 6 + 3 weights and the attention, mean and deviation each; the weights of a group sum to 1.
  ASSERT_EQ(features.size(), 20U);
  EXPECT_NEAR(features[0] + features[2], 1, 1e-5);
  EXPECT_NEAR(features[12] + features[14] + features[16], 1, 1e-5);
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
  EXPECT_EQ(*result.unfamiliarity,
            unfamiliarity(*network.card().familiarity, picture_features(network.predict(image))));

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
