#include "reproduce/estimate.h"

#include <gtest/gtest.h>

#include "core/file.h"
#include "expect_error.h"
#include "reproduce/tiny_reproduction.h"
#include "train/trainer.h"

namespace throng {
namespace {

class Estimating : public TinyReproduction {
 protected:
  ExperimentConfig config(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> changes = changes_;
    changes.insert(changes.end(), more.begin(), more.end());
    return read_experiment(std::filesystem::path(THRONG_SOURCE_DIR) / "configs/table4/moe.toml", changes);
  }
};

TEST_F(Estimating, TimeGrowsWithTheEpochs) {
  CostEstimator estimator({});
  const double two = estimator.cost(config()).seconds;
  const double twenty = estimator.cost(config({"train.epochs=20"})).seconds;
  EXPECT_GT(two, 0);
  // Only the two test pictures at the end are not ten times as many.
  EXPECT_GT(twenty, 5 * two);
  EXPECT_LE(twenty, 10 * two);
}

TEST_F(Estimating, BytesAreThoseThatATrainingLeaves) {
  CostEstimator estimator({});
  const TrainingCost cost = estimator.cost(config());
  train(config(), folder_ / "trained", false, {});
  const auto state = static_cast<std::int64_t>(std::filesystem::file_size(folder_ / "trained/state.safetensors"));
  const std::int64_t kept = bytes_in(folder_ / "trained") - state;
  // Names and texts stand beside the tensors; the network is tiny, so that they weigh.
  EXPECT_NEAR(static_cast<double>(cost.kept_bytes), static_cast<double>(kept), 0.1 * static_cast<double>(kept));
  EXPECT_NEAR(static_cast<double>(cost.passing_bytes), 2.0 * static_cast<double>(state),
              0.2 * static_cast<double>(state));
}

TEST_F(Estimating, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  CostEstimator estimator(source.get_token());
  expect_error(ErrorKind::interrupted, {"before anything"}, [&] { estimator.cost(config()); });
}

TEST(Disk, TooLittleIsRefused) {
  const TemporaryFolder folder;
  EXPECT_NO_THROW(require_free_bytes(folder.path(), 1));
  EXPECT_NO_THROW(require_free_bytes(folder.path(), -5));
  expect_error(ErrorKind::failure, {folder.path().string(), "EiB", "left", "--rows"},
               [&] { require_free_bytes(folder.path(), std::int64_t{1} << 61); });
}

TEST(Disk, BytesOfAFolder) {
  const TemporaryFolder folder;
  make_folder(folder / "a/b");
  write_file(folder / "a/b/one", "12345");
  write_file(folder / "a/two", "123");
  EXPECT_EQ(bytes_in(folder.path()), 8);
  EXPECT_EQ(bytes_in(folder / "nowhere"), 0);
}

}  // namespace
}  // namespace throng
