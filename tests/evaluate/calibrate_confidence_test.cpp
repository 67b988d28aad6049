#include "evaluate/calibrate_confidence.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/file.h"
#include "core/text.h"
#include "evaluate/masks.h"
#include "expect_error.h"
#include "image/codec.h"
#include "infer/confidence_calibrator.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"

namespace throng {
namespace {

// Twenty pictures in two folders, and a model that has not seen them.
class CalibrateConfidence : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<TemporaryFolder>();
    model_ = save_tiny_model(*shared_ / "tiny.safetensors");
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const std::filesystem::path folder = *shared_ / (seed % 3 == 0 ? "square" : "street");
      make_folder(folder);
      const std::filesystem::path path = folder / text(seed, ".png");
      save_image(noisy_picture(40, 36, seed), path);
      entries_.push_back({.image = path,
                          .width = 40,
                          .height = 36,
                          .points = std::vector<Point>(seed % 3 == 0 ? 90 : seed, Point{3, 3}),
                          .split = "val",
                          .group = {}});
    }
  }
  static void TearDownTestSuite() {
    shared_.reset();
    entries_.clear();
  }

  void calibrate(std::span<const ManifestEntry> entries, const CounterOptions& options = {.threads = 1},
                 const std::stop_token& stop = {}) const {
    calibrate_confidence(model_, written_, entries, options, {}, stop);
  }
  void refused(ErrorKind kind, const std::vector<std::string>& parts, const ManifestEntry& entry,
               const CounterOptions& options = {.threads = 1}) const {
    expect_error(kind, parts, [&] { calibrate({&entry, 1}, options); });
    EXPECT_FALSE(std::filesystem::exists(written_));
  }

  TemporaryFolder folder_;
  std::filesystem::path written_ = folder_ / "sure.safetensors";
  static inline std::unique_ptr<TemporaryFolder> shared_;
  static inline std::filesystem::path model_;
  static inline std::vector<ManifestEntry> entries_;
};

TEST_F(CalibrateConfidence, WritesWhatThePicturesTellAndTheSameTensors) {
  calibrate(entries_);
  const LoadedModel before = load_model(model_), after = load_model(written_);
  ConfidenceCalibrator calibrator(model_, {.threads = 1});
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const bool square = seed % 3 == 0;
    calibrator.add(noisy_picture(40, 36, seed), square ? 90 : static_cast<double>(seed), square ? "square" : "street");
  }
  ASSERT_TRUE(after.card.intervals && after.card.familiarity);
  const IntervalCalibration expected = calibrator.intervals();
  EXPECT_EQ(after.card.intervals->scores, expected.scores);
  EXPECT_EQ(after.card.intervals->floor, expected.floor);
  EXPECT_EQ(after.card.intervals->per_disagreement, expected.per_disagreement);
  EXPECT_EQ(after.card.intervals->correlation, expected.correlation);
  const Familiarity known = calibrator.familiarity();
  ASSERT_EQ(after.card.familiarity->groups.size(), known.groups.size());
  EXPECT_EQ(after.card.familiarity->groups[0].pictures.size(), 20U);
  EXPECT_EQ(after.card.name, before.card.name);
  EXPECT_EQ(read_safetensors(written_).tensors.at("encoder.stem.weight").scalar_type(), at::kHalf);
}

TEST_F(CalibrateConfidence, PicturesItCannotLearnFromAreRefused) {
  ManifestEntry entry = entries_.front();
  entry.annotated = false;
  entry.points.clear();
  refused(ErrorKind::usage, {entry.image.string(), "not annotated"}, entry);
  entry = entries_.front();
  entry.roi = save_left_mask(folder_ / "mask.png", 40, 36, 3);
  refused(ErrorKind::usage, {entry.image.string(), "region of interest"}, entry);
  entry = entries_.front();
  entry.width = 41;
  refused(ErrorKind::input, {entry.image.string(), "41x36"}, entry);
  entry.image = folder_ / "missing.png";
  refused(ErrorKind::input, {"missing.png"}, entry);
  refused(ErrorKind::failure, {entries_.front().image.string(), "memory"}, entries_.front(),
          {.threads = 1, .memory_limit = 1});
  refused(ErrorKind::usage, {"at least 20"}, entries_.front());
}

TEST_F(CalibrateConfidence, AStopWritesNothing) {
  std::stop_source source;
  source.request_stop();
  expect_error(ErrorKind::interrupted, {"nothing was written"},
               [&] { calibrate(entries_, {.threads = 1}, source.get_token()); });
  EXPECT_FALSE(std::filesystem::exists(written_));
}

}  // namespace
}  // namespace throng
