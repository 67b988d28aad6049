#include "infer/counting_at_scales.h"

#include <gmock/gmock.h>

#include <numeric>

#include "confidence/familiarity.h"
#include "core/text.h"
#include "expect_error.h"
#include "image/mirror.h"
#include "image/resize.h"
#include "infer/confidence_calibrator.h"
#include "infer/counting_network.h"
#include "infer/evidence.h"
#include "infer/profile.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"
#include "throng/counter.h"
#include "throng/error.h"

namespace throng {
namespace {

using testing::ElementsAre;

double people_in(const DensityMap& map) { return std::accumulate(map.values.begin(), map.values.end(), 0.0); }

/// The columns' people from left to right.
std::vector<double> columns_of(const DensityMap& map) {
  std::vector<double> columns(static_cast<std::size_t>(map.width));
  for (std::size_t i = 0; i < map.values.size(); ++i) columns[i % columns.size()] += map.values[i];
  return columns;
}

Image mirrored(Image image) {
  mirror_image(image);
  return image;
}

/// Where the people of a map are in the mean, as shares of its sides.
std::pair<double, double> middle_of(const DensityMap& map) {
  double x = 0, y = 0;
  for (int row = 0; row < map.height; ++row) {
    for (int column = 0; column < map.width; ++column) {
      const double people = map.values[static_cast<std::size_t>(row * map.width + column)];
      x += people * (column + 0.5);
      y += people * (row + 0.5);
    }
  }
  return {x / people_in(map) / map.width, y / people_in(map) / map.height};
}

class CountingAtScalesTest : public testing::Test {
 protected:
  CountingAtScalesTest() { save_tiny_model(model_); }

  Counter counter(const std::string& scale, bool mirror = false) const {
    return Counter::load(model_, {.device = "cpu", .threads = 1, .scale = scale, .mirror = mirror});
  }

  TemporaryFolder folder_;
  std::filesystem::path model_ = folder_ / "tiny.safetensors";
};

TEST_F(CountingAtScalesTest, TwiceTheSizeIsAPictureOfTwiceTheSize) {
  const Image image = noisy_picture(60, 44);
  const CountResult twice = counter("2").count(image);
  const CountResult enlarged = counter("1").count(resize_image_bicubic(image, 120, 88));
  EXPECT_EQ(twice.count, enlarged.count);
  EXPECT_EQ(twice.width, 60);
  EXPECT_EQ(twice.height, 44);
  EXPECT_THAT(twice.scales, ElementsAre(2));
  EXPECT_EQ(twice.grid.width, enlarged.grid.width);
  EXPECT_EQ(twice.grid.height, enlarged.grid.height);
  EXPECT_NEAR(people_in(twice.grid), twice.count, 1e-4 * twice.count);
  EXPECT_EQ(counter("0.5").count(image).count, counter("1").count(resize_image_bicubic(image, 30, 22)).count);
}

TEST_F(CountingAtScalesTest, ItsOwnSizeIsWhatItAlwaysWas) {
  const Image image = noisy_picture(60, 44);
  const CountResult one = counter("1.0").count(image), usual = Counter::load(model_, {.threads = 1}).count(image);
  EXPECT_EQ(one.count, usual.count);
  EXPECT_EQ(one.grid.values, usual.grid.values);
  EXPECT_THAT(usual.scales, ElementsAre(1));
}

TEST_F(CountingAtScalesTest, SeveralScalesAreTheMean) {
  const Image image = noisy_picture(60, 44);
  const CountResult mean = counter("1,2,0.71").count(image), one = counter("1").count(image);
  const double expected = (one.count + counter("2").count(image).count + counter("0.71").count(image).count) / 3;
  EXPECT_NEAR(mean.count, expected, 1e-9);
  EXPECT_THAT(mean.scales, ElementsAre(1, 2, 0.71));
  EXPECT_EQ(mean.grid.width, one.grid.width);
  EXPECT_EQ(mean.grid.height, one.grid.height);
  EXPECT_NEAR(people_in(mean.grid), mean.count, 1e-4 * mean.count);
}

TEST_F(CountingAtScalesTest, MirroredAsWellIsTheMeanOfBoth) {
  const Image image = noisy_picture(64, 48);
  const CountResult both = counter("1", true).count(image), one = counter("1").count(image);
  const CountResult other = counter("1").count(mirrored(image));
  EXPECT_NEAR(both.count, (one.count + other.count) / 2, 1e-9);
  EXPECT_THAT(both.scales, ElementsAre(1));
  const std::vector<double> mean = columns_of(both.grid), as_is = columns_of(one.grid), turned = columns_of(other.grid);
  ASSERT_EQ(mean.size(), turned.size());
  for (std::size_t i = 0; i < mean.size(); ++i) {
    EXPECT_NEAR(mean[i], (as_is[i] + turned[turned.size() - 1 - i]) / 2, 1e-4) << i;
  }
  EXPECT_NEAR(counter("2,1", true).count(image).count, (counter("2", true).count(image).count + both.count) / 2, 1e-9);
}

TEST_F(CountingAtScalesTest, AMirroredMapIsTurnedBackToItsPixels) {
  const Image image = noisy_picture(97, 64);
  const auto place = [](const DensityMap& grid) {
    const std::vector<double> columns = columns_of(grid);
    double sum = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) sum += columns[i] * (4 * static_cast<double>(i) + 2);
    return sum / people_in(grid);
  };
  const CountResult both = counter("1", true).count(image), one = counter("1").count(image);
  const CountResult other = counter("1").count(mirrored(image));
  const double turned = 97 - place(other.grid);
  const double expected = (one.count * place(one.grid) + other.count * turned) / (one.count + other.count);
  EXPECT_NEAR(place(both.grid), expected, 0.25);  // the last cell covers one pixel of four
}

TEST_F(CountingAtScalesTest, DensityLiesWhereItWasSeen) {
  for (const auto& [width, height] : {std::pair{5, 40}, {17, 9}, {33, 65}, {97, 50}}) {
    for (const double factor : {4.0, 2.83, 0.71, 0.25}) {
      const Image image = noisy_picture(width, height);
      const auto [x, y] = middle_of(counter(text(factor)).count(image).per_pixel());
      const auto [seen_x, seen_y] = middle_of(counter("1").count(scaled_image(image, factor)).per_pixel());
      const std::string what = text(width, " x ", height, " at ", factor);
      EXPECT_NEAR(x * width, seen_x * width, 0.5) << what;
      EXPECT_NEAR(y * height, seen_y * height, 0.5) << what;
    }
  }
}

TEST_F(CountingAtScalesTest, AnySizeHasItsMapAndPoints) {
  for (const auto& [width, height] : {std::pair{1, 1}, {5, 40}, {17, 9}, {33, 65}}) {
    for (const char* scale : {"4", "0.25", "1,4,0.3", "2.83", "auto"}) {
      for (const bool mirror : {false, true}) {
        const CountResult result = counter(scale, mirror).count(noisy_picture(width, height));
        const std::string what = text(width, " x ", height, " at ", scale);
        const DensityMap map = result.per_pixel();
        EXPECT_EQ(map.width, width) << what;
        EXPECT_NEAR(people_in(map), result.count, 1e-4 * result.count + 1e-6) << what;
        const std::vector<HeadPoint> points = result.points();
        EXPECT_EQ(std::ssize(points), std::llround(result.count)) << what;
        for (const HeadPoint& point : points) {
          EXPECT_TRUE(point.x >= 0 && point.x < static_cast<float>(width) && point.y >= 0 &&
                      point.y < static_cast<float>(height))
              << what << ": " << point.x << ", " << point.y;
        }
      }
    }
  }
}

TEST_F(CountingAtScalesTest, PointsAreThoseOfThePictureThatWasSeen) {
  const Image image = noisy_picture(60, 44);
  const std::vector<HeadPoint> points = counter("2").count(image).points();
  const std::vector<HeadPoint> seen = counter("1").count(resize_image_bicubic(image, 120, 88)).points();
  ASSERT_EQ(points.size(), seen.size());
  ASSERT_GT(points.size(), 0U);
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(points[i].x, seen[i].x / 2, 0.01) << i;
    EXPECT_NEAR(points[i].y, seen[i].y / 2, 0.01) << i;
  }
}

TEST_F(CountingAtScalesTest, ManyPicturesAreCountedLikeEach) {
  const std::vector<Image> images = {noisy_picture(40, 30, 1), noisy_picture(40, 30, 2)};
  const Counter scaled = counter("1.41", true);
  const std::vector<CountResult> together = scaled.count(images);
  ASSERT_EQ(together.size(), 2U);
  EXPECT_EQ(together[1].count, scaled.count(images[1]).count);
  EXPECT_THAT(together[1].scales, ElementsAre(1.41));
}

TEST_F(CountingAtScalesTest, IntervalsLieAroundTheMean) {
  ConfidenceCalibrator calibrator(model_, {.threads = 1});
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    calibrator.add(noisy_picture(64, 48, seed), 30 + static_cast<double>(seed), "");
  }
  const std::filesystem::path calibrated = folder_ / "calibrated.safetensors";
  rewrite_model(model_, calibrated, [&](ModelCard& card) {
    card.intervals = calibrator.intervals();
    card.familiarity = calibrator.familiarity();
  });
  const auto with = [&](const std::string& scale) {
    return Counter::load(calibrated, {.threads = 1, .interval = 0.9, .scale = scale});
  };
  const Image image = noisy_picture(64, 48, 50);
  const CountResult twice = with("2").count(image), enlarged = with("1").count(resize_image_bicubic(image, 128, 96));
  ASSERT_TRUE(twice.interval && enlarged.interval);
  EXPECT_EQ(twice.interval->low, enlarged.interval->low);
  EXPECT_EQ(twice.interval->high, enlarged.interval->high);
  // The enlarged picture is soft; the picture is not.
  const CountingNetwork network = CountingNetwork::load(calibrated, {.threads = 1});
  const Image seen = resize_image_bicubic(image, 128, 96);
  const PictureFeatures features = picture_features(network, image, seen, network.predict(seen));
  EXPECT_EQ(twice.unfamiliarity, unfamiliarity(*network.card().familiarity, features).distance);
  // Around the mean, as wide as the first pass has it.
  const CountResult mean = with("1,2").count(image);
  CountEvidence evidence = count_evidence(network, image, network.predict(image));
  EXPECT_NE(mean.count, evidence.count);
  evidence.count = mean.count;
  const CountInterval expected = count_interval(*network.card().intervals, evidence, 0.9);
  EXPECT_EQ(mean.interval->low, expected.low);
  EXPECT_EQ(mean.interval->high, expected.high);
}

/// What passes over 600 x 500 pixels need by the network's own figures, and whether a limit is kept.
class MemoryAtScalesTest : public CountingAtScalesTest {
 protected:
  /// With the least that a network computes at once.
  std::int64_t network(double factor) const {
    const ImageSize size = scaled_size(kPicture, factor);
    return net_.memory(size.width, size.height, {.pixels = 1}) + pixels(factor);
  }
  std::int64_t kept(double factor) const {
    const ImageSize size = scaled_size(kPicture, factor);
    return net_.whole_maps(size.width, size.height) + (factor == 1 ? 0 : pixels(factor));
  }
  static std::int64_t pixels(double factor) { return picture_bytes(scaled_size(kPicture, factor)); }

  template <class Work>
  bool refuses(std::int64_t limit, const std::string& scale, bool mirror, const Work& work) const {
    const Counter limited =
        Counter::load(model_, {.device = "cpu", .threads = 1, .memory_limit = limit, .scale = scale, .mirror = mirror});
    try {
      work(limited);
      return false;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::failure);
      return true;
    }
  }

  /// So much is needed and suffices, before the picture is decoded and when it is counted.
  void expect_needed(std::int64_t bytes, const std::string& scale, bool mirror) const {
    const auto check = [](const Counter& counter) { counter.check_memory(kPicture.width, kPicture.height); };
    const auto count = [&](const Counter& counter) { counter.count(picture_); };
    EXPECT_TRUE(refuses(bytes - 1, scale, mirror, check)) << scale;
    EXPECT_FALSE(refuses(bytes, scale, mirror, check)) << scale;
    EXPECT_TRUE(refuses(bytes - 1, scale, mirror, count)) << scale;
    EXPECT_FALSE(refuses(bytes, scale, mirror, count)) << scale;
  }

  static constexpr ImageSize kPicture{600, 500};
  const Image picture_ = noisy_picture(kPicture.width, kPicture.height);
  const PreparedNet net_ = prepare(std::move(load_model(model_).net), Precision::fp32);
};

TEST_F(MemoryAtScalesTest, ACopyIsBesideThePicture) {
  expect_needed(network(1), "1", false);
  expect_needed(network(2) + pixels(1), "2", false);
  expect_needed(network(0.5) + pixels(1), "0.5", false);
}

TEST_F(MemoryAtScalesTest, TheMirroredPictureIsBesideTheFirstPass) {
  expect_needed(network(1) + pixels(1) + kept(1), "1", true);
  expect_needed(network(2) + pixels(1) + kept(2), "2", true);
}

TEST_F(MemoryAtScalesTest, OfSeveralScalesTheFirstIsKept) {
  expect_needed(network(2) + pixels(1) + kept(1.9), "1.9,1.8,2", false);
  expect_needed(network(2) + pixels(1) + kept(1), "1,2", true);
}

TEST_F(MemoryAtScalesTest, AChosenScaleNeedsWhatThePictureNeeds) {
  expect_needed(network(1), "auto", false);
  expect_needed(network(1) + pixels(1) + kept(1), "auto", true);
}

// Of a tall picture the maps take more than the rows on their way to them.
TEST_F(MemoryAtScalesTest, TheLookForAnIntervalIsBesideThePictureAndItsPrediction) {
  ConfidenceCalibrator calibrator(model_, {.threads = 1});
  for (std::uint64_t seed = 1; seed <= 20; ++seed) calibrator.add(noisy_picture(32, 32, seed), 30, "");
  const std::filesystem::path calibrated = folder_ / "calibrated.safetensors";
  rewrite_model(model_, calibrated, [&](ModelCard& card) { card.intervals = calibrator.intervals(); });

  const ImageSize tall{32, 20000};
  const Image picture = noisy_picture(tall.width, tall.height);
  const auto network = [&](ImageSize size) {
    return net_.memory(size.width, size.height, {.pixels = 1}) + picture_bytes(size);
  };
  const auto expect_needed_with_interval = [&](std::int64_t bytes, const std::string& scale) {
    const auto limited = [&](std::int64_t limit) {
      return Counter::load(calibrated,
                           {.device = "cpu", .threads = 1, .memory_limit = limit, .interval = 0.9, .scale = scale});
    };
    limited(bytes).check_memory(tall.width, tall.height);
    EXPECT_TRUE(limited(bytes).count(picture).interval) << scale;
    const Counter refusing = limited(bytes - 1);
    const auto said = {"for its interval, beside the original: ", "are allowed"};
    expect_error(ErrorKind::failure, {said.begin(), said.end()},
                 [&] { refusing.check_memory(tall.width, tall.height); });
    expect_error(ErrorKind::failure, {said.begin(), said.end()}, [&] { refusing.count(picture); });
  };
  const std::int64_t maps = net_.whole_maps(tall.width, tall.height);
  const std::int64_t needed = network(scaled_size(tall, kSecondLook)) + picture_bytes(tall) + maps;
  ASSERT_GT(needed, network(tall));
  expect_needed_with_interval(needed, "1");
  // Of a copy, the picture and the copy are beside the look.
  const ImageSize copy = scaled_size(tall, 0.9);
  const std::int64_t of_copy = network(scaled_size(copy, kSecondLook)) + picture_bytes(tall) + picture_bytes(copy) +
                               net_.whole_maps(copy.width, copy.height);
  ASSERT_GT(of_copy, network(copy) + picture_bytes(tall));
  expect_needed_with_interval(of_copy, "0.9");
}

TEST_F(MemoryAtScalesTest, ThePicturesOwnPixelsCount) {
  const Image image{5000, 5000, std::vector<std::uint8_t>(75'000'000)};
  EXPECT_TRUE(refuses(100 << 20, "0.1", false, [](const Counter& counter) { counter.check_memory(5000, 5000); }));
  EXPECT_TRUE(refuses(100 << 20, "0.1", false, [&](const Counter& counter) { counter.count(image); }));
}

TEST_F(MemoryAtScalesTest, ErrorsSayThatTheSizeIsACopys) {
  const Counter limited =
      Counter::load(model_, {.device = "cpu", .threads = 1, .memory_limit = 70 << 20, .scale = "4"});
  const auto said = {"at 4 times its size, beside the original: ", "2400 x 2000", "70.0 MiB", "smaller --scale"};
  expect_error(ErrorKind::failure, {said.begin(), said.end()}, [&] { limited.check_memory(600, 500); });
  expect_error(ErrorKind::failure, {said.begin(), said.end()}, [&] { limited.count(picture_); });
}

// Whatever the memory: a GPU says only when it is full, and the copy is not made there.
TEST_F(MemoryAtScalesTest, CopiesHaveNoMorePixelsThanPictures) {
  const Counter scaled = counter("4");
  const auto said = {"at 4 times its size", "16000 x 12504", "200 million", "smaller --scale"};
  expect_error(ErrorKind::failure, {said.begin(), said.end()}, [&] { scaled.check_memory(4000, 3126); });
  const Image image{4000, 3126, std::vector<std::uint8_t>(std::size_t{3} * 4000 * 3126)};
  expect_error(ErrorKind::failure, {said.begin(), said.end()}, [&] { scaled.count(image); });
}

TEST_F(CountingAtScalesTest, ProfilesNameThePass) {
  const auto passes_of = [&](const Counter& counter) {
    Profile profile;
    count_profiled(counter, noisy_picture(64, 48), profile);
    std::vector<std::string> names;
    for (const LayerTime& layer : profile) {
      const std::size_t slash = layer.name.find("x/");
      const std::string name = slash == std::string::npos ? "" : layer.name.substr(0, slash + 1);
      if (names.empty() || names.back() != name) names.push_back(name);
    }
    return names;
  };
  EXPECT_THAT(passes_of(counter("1")), ElementsAre(""));
  EXPECT_THAT(passes_of(counter("2")), ElementsAre("2x"));
  EXPECT_THAT(passes_of(counter("1,0.5", true)), ElementsAre("1x", "mirrored 1x", "0.5x", "mirrored 0.5x"));
}

TEST_F(CountingAtScalesTest, AScaleThatIsNoneIsRefusedBeforeTheModelIsRead) {
  for (const char* scale : {"0", "-1", "nan", "5", "0.05", "twice"}) {
    expect_error(ErrorKind::usage, {"scale"}, [&] { Counter::load(folder_ / "missing", {.scale = scale}); });
  }
}

}  // namespace
}  // namespace throng
