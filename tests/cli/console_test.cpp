#include "cli/console.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/file.h"
#include "temporary_folder.h"

namespace throng {

namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ProgressText, SaysHowFarHowFastHowLong) {
  // 20 pictures in 10 s are 2 a second, the other 60 take 30 s.
  EXPECT_EQ(progress_text(40, 100, 20, 10.0, "a.jpg"), "40/100  40%  2.00/s  30 s left  a.jpg");
  EXPECT_EQ(progress_text(0, 7, 0, 0.0, ""), "0/7  0%");
  EXPECT_EQ(progress_text(100, 100, 100, 4.0, ""), "100/100  100%  25/s");
  EXPECT_EQ(progress_text(0, 0, 0, 1.0, "x"), "0/0  x");
}

/// A console that writes to a file.
class FileConsole {
 public:
  FileConsole() : descriptor_(::open((folder_ / "err").c_str(), O_WRONLY | O_CREAT, 0600)), console(descriptor_) {}
  ~FileConsole() { ::close(descriptor_); }
  std::string written() const { return read_text_file(folder_ / "err"); }

 private:
  TemporaryFolder folder_;
  int descriptor_;

 public:
  Console console;
};

TEST(ConsoleTest, ShowsWhatItsVerbosityAllows) {
  const auto written = [](Console::Verbosity verbosity) {
    FileConsole file;
    file.console.set_verbosity(verbosity);
    file.console.message(MessageSink::Level::detail, "a detail");
    file.console.message(MessageSink::Level::note, "a note");
    file.console.message(MessageSink::Level::warning, "a problem");
    return file.written();
  };
  EXPECT_EQ(written(Console::Verbosity::quiet), "warning: a problem\n");
  EXPECT_EQ(written(Console::Verbosity::normal), "a note\nwarning: a problem\n");
  EXPECT_EQ(written(Console::Verbosity::verbose), "a detail\na note\nwarning: a problem\n");
}

TEST(ConsoleTest, KeepsFilesFreeOfFrequentProgress) {
  FileConsole file;
  for (int i = 0; i <= 1000; ++i) file.console.progress(i, 1000, "x");
  EXPECT_EQ(file.written(), "");
}

TEST(ConsoleTest, RedrawsOneLineOnATerminal) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(master, 0);
  if (::grantpt(master) != 0 || ::unlockpt(master) != 0) GTEST_SKIP() << "there are no pseudo terminals here";
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  {
    Console console(terminal);
    console.progress(0, 10, "first.jpg");
    console.progress(1, 10, "second.jpg");  // too soon after the first
    console.message(MessageSink::Level::note, "a note");
    console.progress(10, 10, "");
  }
  // A terminal hands over what was written in pieces of its own, on a busy machine after a while.
  std::string line;
  pollfd ready{master, POLLIN, 0};
  while (line.find("a note") == std::string::npos && ::poll(&ready, 1, 10000) == 1) {
    char seen[1000];
    const ssize_t bytes = ::read(master, seen, sizeof seen);
    if (bytes <= 0) break;
    line.append(seen, static_cast<std::size_t>(bytes));
  }
  ::close(terminal);
  ::close(master);
  EXPECT_THAT(line, HasSubstr("\r\033[K0/10  0%  first.jpg"));
  EXPECT_THAT(line, Not(HasSubstr("second.jpg")));
  EXPECT_THAT(line, HasSubstr("first.jpg\r\033[Ka note"));
}

}  // namespace

}  // namespace throng
