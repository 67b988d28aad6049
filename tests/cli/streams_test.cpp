#include "cli/streams.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <thread>

#include "throng/error.h"

namespace throng {

namespace {

using std::chrono::milliseconds;

class ReadDescriptor : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe2(ends_, O_CLOEXEC), 0); }
  void TearDown() override {
    close_writer();
    ::close(ends_[0]);
  }
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  int ends_[2] = {-1, -1};
};

TEST_F(ReadDescriptor, GivesAllThatComes) {
  ASSERT_EQ(::write(ends_[1], "one\ntwo", 7), 7);
  close_writer();
  EXPECT_EQ(read_descriptor(ends_[0], {}), "one\ntwo");
}

// As with Ctrl-C: the signal comes to the thread that waits, and the request to stop a moment later.
TEST_F(ReadDescriptor, AStopEndsTheWaitAlsoBehindASignal) {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);

  std::stop_source source;
  std::promise<ErrorKind> end;
  std::future<ErrorKind> ended = end.get_future();
  std::thread reader([&] {
    try {
      read_descriptor(ends_[0], source.get_token());
      end.set_value(ErrorKind::failure);
    } catch (const Error& error) {
      end.set_value(error.kind());
    }
  });
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(milliseconds(5));
    ::pthread_kill(reader.native_handle(), SIGUSR1);
  }
  source.request_stop();
  const bool in_time = ended.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
  close_writer();  // ends a reader that missed it
  reader.join();
  EXPECT_TRUE(in_time);
  EXPECT_EQ(ended.get(), ErrorKind::interrupted);
  ::sigaction(SIGUSR1, &before, nullptr);
}

}  // namespace

}  // namespace throng
