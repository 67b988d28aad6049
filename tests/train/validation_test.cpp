#include "train/validation.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "expect_error.h"
#include "infer/predict.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"
#include "train/data_limit.h"
#include "train/tiny_experiment.h"

namespace throng {
namespace {

// A run of which all weights are half as large as their averages.
class ValidationTest : public testing::Test {
 protected:
  ValidationTest() {
    for (const NamedTensor& named : model_.net.tensors()) {
      if (named.trained) named.tensor->detach().mul_(0.5);
    }
  }

  static TrainConfig with_averages() {
    TrainConfig config;
    config.ema = 0.5;
    return config;
  }

  void expect_own_weights() {
    DensityNet average = tiny_model().net;
    const auto own = model_.net.tensors(), averages = average.tensors();
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (own[i].trained) {
        EXPECT_TRUE(at::equal(*own[i].tensor, *averages[i].tensor * 0.5)) << own[i].name;
      }
    }
  }

  TemporaryFolder folder_;
  std::vector<ManifestEntry> pictures_ = read_manifest(make_dotted_data(folder_.path(), 3)).entries;
  RunFolder run_{folder_ / "run", false};
  LoadedModel model_ = tiny_model();
  TrainingNet net_{model_.net, with_averages(), at::kCPU, nullptr};
  Optimiser optimiser_{model_.net, with_averages()};
  Validation validation_{{net_, model_.card, optimiser_, run_}, pictures_};
  const TrainPosition position_{.step = 7, .epoch = 2};
};

TEST_F(ValidationTest, ErrorsAreThoseOfTheAverages) {
  net_.train(false);
  const std::optional<CountErrors> errors = validation_.errors(position_, {});
  LoadedModel average = tiny_model();
  average.net.train(false);
  double absolute = 0, squared = 0;
  for (const ManifestEntry& entry : pictures_) {
    const double error = count_on_grid(average.net, average.card, load_image(entry.image)).count -
                         static_cast<double>(entry.points.size());
    absolute += std::abs(error);
    squared += error * error;
  }
  ASSERT_TRUE(errors);
  EXPECT_EQ(errors->images, 3);
  EXPECT_NEAR(errors->mae, absolute / 3, 1e-6 * absolute);
  EXPECT_NEAR(errors->rmse, std::sqrt(squared / 3), 1e-6 * absolute);
  expect_own_weights();
}

TEST_F(ValidationTest, AnErrorThatIsNoNumberEndsTheRun) {
  for (const NamedTensor& named : model_.net.tensors()) {
    if (named.name.ends_with("running_mean")) named.tensor->fill_(-3e38);
  }
  expect_error(ErrorKind::failure,
               {"validation MAE is NaN or infinite at step 7 (epoch 3)", "train.lr", "another --out"},
               [&] { validation_.errors(position_, {}); });
}

TEST_F(ValidationTest, APictureThatIsGoneIsNamed) {
  pictures_[1].image = folder_ / "gone.png";
  expect_error(ErrorKind::input, {"gone.png"}, [&] { validation_.errors(position_, {}); });
  expect_own_weights();
}

TEST_F(ValidationTest, APictureOfAnotherSizeIsNamed) {
  pictures_[1].width = 100;
  expect_error(ErrorKind::input, {"dots_1.png has 96x80 pixels", "100x80"}, [&] { validation_.errors(position_, {}); });
}

// What trains on small crops may still not be able to look at a whole picture.
TEST_F(ValidationTest, APictureThatNeedsTooMuchMemoryIsNamed) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer ends the process where memory runs out";
#endif
  if (data_bytes() == 0) GTEST_SKIP() << "this system does not say how much memory a process has";
  constexpr int kSide = 3000;  // of which the first feature map alone takes 576 MB
  save_image(filled_image(kSide, kSide, {40, 50, 60}), folder_ / "large.png");
  pictures_[2] = {folder_ / "large.png", kSide, kSide, {}, "val", ""};
  {
    const DataLimit limit(rlim_t{300} << 20);
    expect_error(ErrorKind::failure, {"not enough memory", "large.png of 3000x3000", "from step 7 with --resume"},
                 [&] { validation_.errors(position_, {}); });
  }
  expect_own_weights();
}

TEST_F(ValidationTest, AStopLeavesPicturesUncounted) {
  std::stop_source stop;
  stop.request_stop();
  for (ManifestEntry& entry : pictures_) entry.image = folder_ / "never_opened.png";
  EXPECT_FALSE(validation_.errors(position_, stop.get_token()));
  expect_own_weights();
}

}  // namespace
}  // namespace throng
