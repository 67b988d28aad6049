#include "data/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <thread>

#include "data/folder.h"
#include "image/draw.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::HasSubstr;

/// Pictures of one colour each, with as many heads as their id; each takes a while, differently long.
class SlowSource final : public SampleSource {
 public:
  explicit SlowSource(std::int64_t size, std::int64_t broken = -1, int milliseconds = 0)
      : size_(size), broken_(broken), milliseconds_(milliseconds) {}
  std::int64_t size() const override { return size_; }
  LabelledImage load(std::int64_t id) const override {
    ++loads;
    if (id == broken_) throw std::runtime_error("picture " + std::to_string(id) + " is broken");
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds_ * (1 + id % 3)));
    auto image = std::make_shared<Image>(filled_image(40, 40, {static_cast<std::uint8_t>(id), 0, 0}));
    for (int i = 0; i < 40; ++i) image->pixel(i, i)[1] = static_cast<std::uint8_t>(6 * i);
    return {image, std::vector<Point>(static_cast<std::size_t>(id), Point{20, 20})};
  }

  mutable std::atomic<int> loads = 0;

 private:
  std::int64_t size_;
  std::int64_t broken_;
  int milliseconds_;
};

AugmentConfig small() {
  AugmentConfig config;
  config.crop = 16;
  return config;
}

LoaderOptions options(int workers, std::int64_t batch = 4, std::int64_t crops = 1) {
  LoaderOptions options;
  options.workers = workers;
  options.batch = batch;
  options.crops_per_image = crops;
  options.prefetch = 3;
  return options;
}

std::vector<Batch> rest_of(Loader& loader) {
  std::vector<Batch> batches;
  while (auto batch = loader.next()) batches.push_back(std::move(*batch));
  return batches;
}

void expect_same(const std::vector<Batch>& a, const std::vector<Batch>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].ids, b[i].ids);
    EXPECT_EQ(a[i].rgb, b[i].rgb);
    EXPECT_EQ(a[i].density, b[i].density);
    EXPECT_EQ(a[i].density_squared, b[i].density_squared);
    EXPECT_EQ(a[i].foreground, b[i].foreground);
    EXPECT_EQ(a[i].valid_width, b[i].valid_width);
    EXPECT_EQ(a[i].points, b[i].points);
  }
}

TEST(Loader, VisitsEachPictureAsOftenAsAskedAndFillsBatches) {
  Loader loader(std::make_shared<SlowSource>(10), small(), {}, options(2, 4, 3));
  EXPECT_EQ(loader.batches_per_epoch(), 8);
  loader.start(0);
  const auto batches = rest_of(loader);
  ASSERT_EQ(batches.size(), 8U);
  std::multiset<std::int64_t> visits;
  std::set<std::vector<std::uint8_t>> crops_of_nine;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const Batch& batch = batches[i];
    EXPECT_EQ(batch.batch, i + 1 < batches.size() ? 4 : 2);
    EXPECT_EQ(batch.size, 16);
    const auto count = static_cast<std::size_t>(batch.batch);
    EXPECT_EQ(batch.rgb.size(), count * 16 * 16 * 3);
    EXPECT_EQ(batch.density.size(), count * 4 * 4);
    EXPECT_EQ(batch.points.size(), count);
    for (std::size_t b = 0; b < count; ++b) {
      visits.insert(batch.ids[b]);
      EXPECT_EQ(batch.rgb[b * 16 * 16 * 3], batch.ids[b]);
      if (batch.ids[b] != 9) continue;
      const auto begin = batch.rgb.begin() + static_cast<std::ptrdiff_t>(b) * 16 * 16 * 3;
      crops_of_nine.insert({begin, begin + 16 * 16 * 3});
    }
  }
  for (std::int64_t id = 0; id < 10; ++id) EXPECT_EQ(visits.count(id), 3U);
  EXPECT_EQ(crops_of_nine.size(), 3U);
}

TEST(Loader, WorkersDoNotChangeAnything) {
  const auto run = [](int workers) {
    Loader loader(std::make_shared<SlowSource>(23, -1, 1), small(), {}, options(workers, 4, 2));
    loader.start(5);
    return rest_of(loader);
  };
  const auto none = run(0);
  EXPECT_EQ(none.size(), 12U);
  expect_same(none, run(1));
  expect_same(none, run(3));
}

TEST(Loader, StartsAtAnyBatchAndAgain) {
  Loader loader(std::make_shared<SlowSource>(20), small(), {}, options(2));
  loader.start(1);
  const auto whole = rest_of(loader);
  EXPECT_FALSE(loader.next().has_value());
  loader.start(1, 2);
  expect_same(rest_of(loader), {whole.begin() + 2, whole.end()});
  loader.start(1);
  loader.next();
  loader.start(1, 4);  // in the middle of an epoch
  expect_same(rest_of(loader), {whole.begin() + 4, whole.end()});
  loader.start(1, 5);
  EXPECT_FALSE(loader.next().has_value());
}

TEST(Loader, EpochsAndSeedsDiffer) {
  const auto ids = [](std::uint64_t seed, std::int64_t epoch) {
    LoaderOptions chosen = options(0, 20);
    chosen.seed = seed;
    Loader loader(std::make_shared<SlowSource>(20), small(), {}, chosen);
    loader.start(epoch);
    return loader.next()->ids;
  };
  EXPECT_EQ(ids(1, 0), ids(1, 0));
  EXPECT_NE(ids(1, 0), ids(1, 1));
  EXPECT_NE(ids(1, 0), ids(2, 0));
}

TEST(Loader, RethrowsWhatAWorkerThrewAtItsBatch) {
  for (const int workers : {0, 1, 3}) {
    Loader loader(std::make_shared<SlowSource>(20, 11), small(), {}, options(workers));
    loader.start(0);
    int good = 0;
    int bad = 0;
    for (int i = 0; i < 5; ++i) {
      try {
        good += loader.next().has_value();
      } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("picture 11 is broken"));
        ++bad;
      }
    }
    EXPECT_EQ(good, 4);
    EXPECT_EQ(bad, 1);
    EXPECT_FALSE(loader.next().has_value());
  }
}

TEST(Loader, HoldsNoMoreThanItsPrefetch) {
  const auto source = std::make_shared<SlowSource>(100);
  Loader loader(source, small(), {}, options(2));
  loader.start(0);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(source->loads, 3 * 4);
}

TEST(Loader, EndsPromptlyInTheMiddleOfWork) {
  const auto begin = std::chrono::steady_clock::now();
  {
    Loader loader(std::make_shared<SlowSource>(200, -1, 20), small(), {}, options(2, 100));
    loader.start(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
  // A whole batch would take 4 s.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST(Loader, TellsHowLongItWaited) {
  for (const int workers : {0, 1}) {
    Loader loader(std::make_shared<SlowSource>(4, -1, 50), small(), {}, options(workers));
    loader.start(0);
    loader.next();
    EXPECT_GT(loader.waited(), 0.1) << workers << " workers";
    EXPECT_LT(loader.waited(), 5);
  }
}

TEST(Loader, RefusesNothingToLoadAndSenselessOptions) {
  EXPECT_THAT(message_of([] { Loader(std::make_shared<SlowSource>(0), small(), {}, options(1)); }),
              HasSubstr("no images"));
  EXPECT_THAT(message_of([] { Loader(std::make_shared<SlowSource>(3), small(), {}, options(1, 0)); }),
              HasSubstr("batch 0"));
}

}  // namespace
}  // namespace throng
