#include "infer/picture_queue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <string>
#include <thread>

#include "expect_error.h"
#include "throng/error.h"

namespace throng {

namespace {

using testing::ElementsAre;
using Announced = PictureQueue::Announced;

// A picture that says which one it is.
Image numbered(std::size_t index) { return {.width = static_cast<int>(index), .height = 1, .rgb = {}}; }

/// Pictures of one byte each that are decoded at once.
PictureQueue::Source plain(std::size_t size) {
  return {.size = size, .announce = [](std::size_t) { return Announced{.bytes = 1}; }, .decode = numbered};
}

bool becomes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return condition();
}

// Rows are written in the order of the inputs, however long each picture takes to decode.
TEST(PictureQueueTest, PicturesComeInTheirOrderWhoeverIsDoneFirst) {
  for (const int threads : {1, 3}) {
    PictureQueue::Source source = plain(40);
    source.decode = [](std::size_t index) {
      if (index % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      return numbered(index);
    };
    PictureQueue queue(source, {.threads = threads, .pictures = 7});
    for (int i = 0; i < 40; ++i) EXPECT_EQ(queue.take().width, i);
  }
}

// Decoding must go on while the network runs: nobody takes anything here.
TEST(PictureQueueTest, DecodesAheadUpToTheNumberOfPictures) {
  std::atomic<int> decoded{0};
  PictureQueue::Source source = plain(20);
  source.decode = [&](std::size_t index) {
    ++decoded;
    return numbered(index);
  };
  PictureQueue queue(source, {.pictures = 3});
  EXPECT_EQ(queue.take().width, 0);
  EXPECT_TRUE(becomes_true([&] { return decoded == 4; }));
  EXPECT_EQ(queue.take().width, 1);
  EXPECT_TRUE(becomes_true([&] { return decoded == 5; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(decoded, 5);  // not more
}

// The bound on memory, whatever the sizes; the one that is larger than it is decoded at its turn.
TEST(PictureQueueTest, HoldsNoMoreBytesThanAllowed) {
  const std::vector<std::int64_t> bytes = {30, 60, 50, 10, 10, 10, 10, 500, 40, 100, 1, 100};
  std::atomic<std::int64_t> held{0}, most{0};
  const PictureQueue::Source source{
      .size = bytes.size(),
      .announce = [&](std::size_t index) { return Announced{.bytes = bytes[index]}; },
      .decode =
          [&](std::size_t index) {
            most = std::max<std::int64_t>(most, held += bytes[index]);
            return numbered(index);
          },
  };
  PictureQueue queue(source, {.bytes = 100, .pictures = 50});
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    held -= bytes[i];  // the one that is taken last does not count
    EXPECT_EQ(queue.take().width, static_cast<int>(i));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(held, 0);
  EXPECT_LE(most, 100);
  EXPECT_GE(most, 90);  // 50 and four times 10
}

TEST(PictureQueueTest, AnErrorBelongsToItsPicture) {
  PictureQueue::Source source = plain(5);
  source.decode = [](std::size_t index) {
    if (index == 1) throw Error(ErrorKind::input, "the second is damaged");
    return numbered(index);
  };
  source.announce = [](std::size_t index) -> Announced {
    if (index == 3) throw Error(ErrorKind::failure, "the fourth is too large");
    return {.bytes = 1};
  };
  PictureQueue queue(source, {});
  EXPECT_EQ(queue.take().width, 0);
  expect_error(ErrorKind::input, {"the second is damaged"}, [&] { queue.take(); });
  EXPECT_EQ(queue.take().width, 2);
  expect_error(ErrorKind::failure, {"the fourth is too large"}, [&] { queue.take(); });
  EXPECT_EQ(queue.take().width, 4);
}

// Memory that pictures ahead of it take must not cost a picture its turn: what is refused ahead is asked again.
TEST(PictureQueueTest, WhatIsRefusedAheadIsAskedAgainAtItsTurn) {
  std::vector<std::size_t> announced;
  int refusals = 1;
  PictureQueue::Source source = plain(4);
  source.announce = [&](std::size_t index) -> Announced {
    announced.push_back(index);
    if (index == 2 && refusals-- > 0) throw Error(ErrorKind::failure, "no memory is left");
    return {.bytes = 1};
  };
  PictureQueue queue(source, {.pictures = 2});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(queue.take().width, i);
  EXPECT_THAT(announced, ElementsAre(0, 1, 2, 2, 3));
}

// A pipe that has nothing to give yet must not be waited for while others could be counted.
TEST(PictureQueueTest, WhatMustWaitForItsTurnIsNotDecodedAhead) {
  std::atomic<int> decoded{0};
  PictureQueue::Source source = plain(3);
  source.announce = [](std::size_t index) { return Announced{.bytes = 1, .ahead = index != 1}; };
  source.decode = [&](std::size_t index) {
    ++decoded;
    return numbered(index);
  };
  PictureQueue queue(source, {});
  EXPECT_EQ(queue.take().width, 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(decoded, 1);
  EXPECT_EQ(queue.take().width, 1);
  EXPECT_EQ(queue.take().width, 2);
}

// Ctrl-C: what was decoded ahead is dropped, and nothing new is begun.
TEST(PictureQueueTest, EndsInTheMiddleWithoutDecodingTheRest) {
  std::atomic<int> decoded{0};
  std::latch begun(1);
  PictureQueue::Source source = plain(100);
  source.decode = [&](std::size_t index) {
    if (index == 1) begun.count_down();
    if (index == 1) std::this_thread::sleep_for(std::chrono::milliseconds(30));
    ++decoded;
    return numbered(index);
  };
  {
    PictureQueue queue(source, {.pictures = 50});
    queue.take();
    begun.wait();
  }
  EXPECT_EQ(decoded, 2);
}

// The announcements use the network's memory figures, and a network is not thread-safe.
TEST(PictureQueueTest, AnnouncesInTheThreadThatTakes) {
  const std::thread::id own = std::this_thread::get_id();
  std::atomic<int> elsewhere{0};
  PictureQueue::Source source = plain(10);
  source.announce = [&](std::size_t) {
    if (std::this_thread::get_id() != own) ++elsewhere;
    return Announced{.bytes = 1};
  };
  PictureQueue queue(source, {});
  for (int i = 0; i < 10; ++i) queue.take();
  EXPECT_EQ(elsewhere, 0);
}

}  // namespace

}  // namespace throng
