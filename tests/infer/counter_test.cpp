#include "throng/counter.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <numeric>
#include <thread>

#include "core/checksum.h"
#include "expect_error.h"
#include "infer/predict.h"
#include "infer/prepare.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"

namespace throng {

namespace {

class CounterTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TemporaryFolder>();
    save_tiny_model(*folder_ / "tiny.safetensors");
  }
  static void TearDownTestSuite() { folder_.reset(); }

  static std::filesystem::path model() { return *folder_ / "tiny.safetensors"; }
  static CounterOptions fp32() { return {.device = "cpu", .precision = "fp32"}; }

  /// A model file with one tensor filled with a value.
  static std::filesystem::path spoilt_model(const std::string& tensor, float value) {
    TensorFile file = read_safetensors(model());
    file.tensors.at(tensor) = at::full_like(file.tensors.at(tensor), value, at::TensorOptions().dtype(at::kFloat));
    const std::filesystem::path path = *folder_ / "spoilt.safetensors";
    write_safetensors(file, path);
    return path;
  }

  static std::unique_ptr<TemporaryFolder> folder_;
};
std::unique_ptr<TemporaryFolder> CounterTest::folder_;

double sum(const DensityMap& map) { return std::accumulate(map.values.begin(), map.values.end(), 0.0); }

TEST_F(CounterTest, PointsAreAsManyAsTheCountRounded) {
  const Counter counter = Counter::load(model(), fp32());
  for (const auto& [width, height] : {std::pair{97, 131}, {1, 1}, {5, 300}, {160, 120}}) {
    const CountResult result = counter.count(noisy_picture(width, height));
    const std::vector<HeadPoint> points = result.points();
    EXPECT_EQ(std::ssize(points), std::llround(result.count)) << width << " x " << height;
    for (const HeadPoint& point : points) {
      EXPECT_TRUE(point.x >= 0 && point.x < static_cast<float>(width) && point.y >= 0 &&
                  point.y < static_cast<float>(height))
          << point.x << ", " << point.y << " in " << width << " x " << height;
    }
  }
  EXPECT_TRUE(CountResult{}.points().empty());
  CountResult unknown{.count = std::nan(""), .width = 4, .height = 4, .grid = {1, 1, {1}}};
  EXPECT_TRUE(unknown.points().empty());
}

TEST_F(CounterTest, CountsLikeTheUnpreparedNet) {
  const Counter counter = Counter::load(model(), fp32());
  LoadedModel loaded = load_model(model());
  loaded.net.train(false);
  for (const auto& [width, height] : {std::pair{97, 131}, {1, 1}, {5, 300}, {160, 120}}) {
    const Image image = noisy_picture(width, height);
    const CountResult result = counter.count(image);
    const GridCount expected = count_on_grid(loaded.net, loaded.card, image);
    EXPECT_GT(expected.count, 0);
    EXPECT_NEAR(result.count, expected.count, 1e-4 * expected.count) << width << " x " << height;
    EXPECT_EQ(result.width, width);
    EXPECT_EQ(result.height, height);
    EXPECT_EQ(result.grid.width, expected.grid.width);
    EXPECT_NEAR(sum(result.grid), result.count, 1e-6 * result.count);
  }
}

TEST_F(CounterTest, PerPixelMapIsTheFullSizeMap) {
  const Counter counter = Counter::load(model(), fp32());
  for (const auto& [width, height] : {std::pair{16, 16}, {97, 131}, {1, 1}, {5, 300}, {66, 34}}) {
    const CountResult result = counter.count(noisy_picture(width, height));
    const DensityMap map = result.per_pixel();
    EXPECT_EQ(map.width, width);
    EXPECT_EQ(map.height, height);
    ASSERT_EQ(map.values.size(), static_cast<std::size_t>(width) * height);
    EXPECT_NEAR(sum(map), result.count, 1e-5 * result.count) << width << " x " << height;
  }
}

TEST(CountResultTest, PerPixelRepeatsCellsByTorchsNearest) {
  // 19 x 22 pixels from a 4 x 5 grid, as at::upsample_nearest2d would do it.
  const at::Tensor density = at::arange(1, 21, at::TensorOptions().dtype(at::kFloat)).view({1, 1, 4, 5});
  GridCount counted = count_final_map(density, 2.0, 19, 22);
  const CountResult result{.count = counted.count, .width = 22, .height = 19, .grid = std::move(counted.grid)};
  const DensityMap map = result.per_pixel();
  const at::Tensor expected = at::upsample_nearest2d(density, {19, 22}) / 2.0;
  EXPECT_TRUE(at::allclose(at::tensor(map.values).view({1, 1, 19, 22}), expected, 1e-6, 1e-7));
}

TEST_F(CounterTest, CountsTheSameTwice) {
  const Counter counter = Counter::load(model(), fp32());
  const Image image = noisy_picture(120, 90);
  const CountResult first = counter.count(image);
  counter.count(noisy_picture(33, 200));
  EXPECT_EQ(counter.count(image).count, first.count);
  EXPECT_EQ(counter.count(image).grid.values, first.grid.values);
  EXPECT_EQ(Counter::load(model(), fp32()).count(image).count, first.count);
}

// Whoever counts a folder in one call gets what a loop of their own would give, whatever sizes follow each other.
TEST_F(CounterTest, ManyImagesOfMixedSizesAreCountedLikeEachAlone) {
  std::vector<Image> images;
  for (const auto& [width, height] : {std::pair{64, 48}, {64, 48}, {48, 64}, {1, 1}, {97, 61}, {64, 48}}) {
    images.push_back(noisy_picture(width, height, images.size() + 1));
  }
  const std::vector<CountResult> together = Counter::load(model(), fp32()).count(images);
  ASSERT_EQ(together.size(), images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const CountResult alone = Counter::load(model(), fp32()).count(images[i]);
    EXPECT_EQ(together[i].count, alone.count) << i;
    EXPECT_EQ(together[i].grid.values, alone.grid.values) << i;
    EXPECT_EQ(together[i].width, images[i].width);
    EXPECT_EQ(together[i].height, images[i].height);
  }
  EXPECT_TRUE(Counter::load(model(), fp32()).count(std::vector<Image>{}).empty());
}

TEST_F(CounterTest, SaysWhatItIs) {
  CounterOptions options = fp32();
  options.threads = 1;
  const Counter counter = Counter::load(model(), options);
  EXPECT_EQ(counter.model().name, "tiny-resnet18");
  EXPECT_EQ(counter.model().sha256, sha256_of_file(model()));
  EXPECT_EQ(counter.device(), "cpu");
  EXPECT_EQ(counter.precision(), "fp32");
  EXPECT_EQ(counter.threads(), 1);
  EXPECT_EQ(Json::parse(counter.model().description).at("model").at("encoder"), "resnet18");
  LoadedModel loaded = load_model(model());
  std::int64_t parameters = 0;
  loaded.net.visit([&](const std::string&, ConvBlock& block) {
    parameters += block.weight.numel() + (block.bias.defined() ? block.bias.numel() : 0);
    if (block.norm) parameters += 2 * block.norm->weight.numel();
  });
  EXPECT_EQ(counter.model().parameters, parameters);
}

TEST_F(CounterTest, RefusesImagesBeyondTheMemoryLimit) {
  CounterOptions options = fp32();
  options.memory_limit = 100 << 20;
  const Counter counter = Counter::load(model(), options);
  EXPECT_GT(counter.count(noisy_picture(64, 64)).count, 0);
  const auto refused = {"20000 x 20000", "GiB", "100.0 MiB", "smaller copy", "--memory"};
  expect_error(ErrorKind::failure, {refused.begin(), refused.end()}, [&] { counter.check_memory(20000, 20000); });
  expect_error(ErrorKind::failure, {"2000 x 1500", "100.0 MiB"}, [&] { counter.count(noisy_picture(2000, 1500)); });
}

TEST_F(CounterTest, ThePixelsThemselvesCountAgainstTheLimit) {
  const auto refuses = [](std::int64_t limit) {
    CounterOptions options = fp32();
    options.memory_limit = limit;
    const Counter counter = Counter::load(model(), options);
    try {
      counter.check_memory(1000, 1000);
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  LoadedModel loaded = load_model(model());
  const std::int64_t network = prepare(std::move(loaded.net), Precision::fp32).memory(1000, 1000, {.pixels = 1});
  EXPECT_TRUE(refuses(network + 2'999'999));
  EXPECT_FALSE(refuses(network + 3'000'000));
}

TEST_F(CounterTest, TheLargestLimitIsNone) {
  CounterOptions options = fp32();
  options.memory_limit = std::numeric_limits<std::int64_t>::max();
  const Counter counter = Counter::load(model(), options);
  counter.check_memory(1000, 1000);
  EXPECT_GT(counter.count(noisy_picture(64, 48)).count, 0);
}

TEST_F(CounterTest, FloatsOf32BitsUnlessAskedOtherwise) {
  EXPECT_EQ(Counter::load(model(), {.device = "cpu"}).precision(), "fp32");
}

TEST_F(CounterTest, RefusesWhatTheMachineCannotHold) {
  const Counter counter = Counter::load(model(), fp32());
  expect_error(ErrorKind::failure, {"are available"}, [&] { counter.check_memory(2'000'000, 2'000'000); });
}

TEST_F(CounterTest, RefusesImpossibleOptions) {
  const auto refuse = [](const CounterOptions& options, const std::string& part) {
    expect_error(ErrorKind::usage, {part}, [&] { Counter::load(model(), options); });
  };
  refuse({.device = "tpu"}, "tpu");
  refuse({.precision = "fp64"}, "fp64");
  refuse({.threads = -1}, "threads");
  refuse({.threads = 1'000'000}, "threads");
  refuse({.memory_limit = -5}, "memory limit");
  if (!at::hasCUDA()) refuse({.device = "cuda"}, "cuda:0");
}

// In a process of its own, where no network was loaded before.
TEST_F(CounterTest, EveryCoreIsWhatTorchBeganWith) {
  const std::string style = GTEST_FLAG_GET(death_test_style);
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto load_after_another_number = [] {
    const int usual = at::get_num_threads();
    at::set_num_threads(usual + 1);
    std::exit(Counter::load(model(), fp32()).threads() == usual ? 0 : 1);
  };
  EXPECT_EXIT(load_after_another_number(), testing::ExitedWithCode(0), "");
  GTEST_FLAG_SET(death_test_style, style);
}

TEST_F(CounterTest, RefusesBadModelFiles) {
  const std::string head = "head1.1.bias";
  expect_error(ErrorKind::model, {head, "NaN"},
               [&] { Counter::load(spoilt_model(head, std::numeric_limits<float>::quiet_NaN()), fp32()); });
  expect_error(ErrorKind::model, {"missing.safetensors"},
               [&] { Counter::load(*folder_ / "missing.safetensors", fp32()); });
  const std::filesystem::path text_file = *folder_ / "text.safetensors";
  std::ofstream(text_file) << "this is no model";
  expect_error(ErrorKind::model, {"text.safetensors"}, [&] { Counter::load(text_file, fp32()); });
}

TEST_F(CounterTest, RefusesToReportWhatIsNoNumber) {
  const Counter counter = Counter::load(spoilt_model("head1.1.weight", 3e38F), fp32());
  expect_error(ErrorKind::failure, {"no finite number", "64 x 48"}, [&] { counter.count(noisy_picture(64, 48)); });
}

TEST_F(CounterTest, WorksInAnotherThread) {
  CounterOptions options = fp32();
  options.threads = 1;
  const Counter counter = Counter::load(model(), options);
  const Image image = noisy_picture(80, 80);
  const double expected = counter.count(image).count;
  double counted = 0;
  std::thread([&] { counted = counter.count(image).count; }).join();
  EXPECT_EQ(counted, expected);
}

std::int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::int64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

TEST_F(CounterTest, DoesNotGrowWithTheNumberOfImages) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer holds freed memory back";
#endif
  const Counter counter = Counter::load(model(), fp32());
  const auto count_some = [&](int rounds) {
    for (int i = 0; i < rounds; ++i) counter.count(noisy_picture(200 + 8 * (i % 3), 160));
  };
  count_some(6);
  const std::int64_t before = resident_bytes();
  count_some(40);
  EXPECT_LT(resident_bytes() - before, 16 << 20);
}

class DefaultModelPath : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* value = std::getenv("THRONG_MODEL")) old_ = value;
  }
  void TearDown() override {
    if (old_.empty()) {
      ::unsetenv("THRONG_MODEL");
    } else {
      ::setenv("THRONG_MODEL", old_.c_str(), 1);
    }
  }
  std::string old_;
};

TEST_F(DefaultModelPath, IsWhatTheVariableNames) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "my model.safetensors";
  ::setenv("THRONG_MODEL", path.c_str(), 1);
  expect_error(ErrorKind::model, {"THRONG_MODEL", path.string()}, [] { default_model_path(); });
  std::ofstream(path) << "x";
  EXPECT_EQ(default_model_path(), path);
  ::setenv("THRONG_MODEL", std::string(5000, 'x').c_str(), 1);  // no file system has such a name
  expect_error(ErrorKind::model, {"THRONG_MODEL", "cannot be reached"}, [] { default_model_path(); });
}

TEST_F(DefaultModelPath, IsBesideTheProgramOrAnErrorThatSaysWhereItWasLookedFor) {
  ::setenv("THRONG_MODEL", "", 1);
  try {
    EXPECT_EQ(default_model_path().filename(), "throng-small.safetensors");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::model);
    EXPECT_THAT(error.what(), testing::HasSubstr("share/throng/models/throng-small.safetensors"));
    EXPECT_THAT(error.what(), testing::HasSubstr("--model"));
  }
}

}  // namespace

}  // namespace throng
