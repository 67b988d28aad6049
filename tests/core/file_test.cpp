#include "core/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

#include "core/text.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(File, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> bytes = {0, 255, '\n', '\r', 0};
  write_file(folder / "bytes", bytes);
  EXPECT_EQ(read_file(folder / "bytes"), bytes);
  write_file(folder / "Bücher und Köpfe.txt", "Grüße\n");
  EXPECT_EQ(read_text_file(folder / "Bücher und Köpfe.txt"), "Grüße\n");
  write_file(folder / "empty", "");
  EXPECT_TRUE(read_file(folder / "empty").empty());
  EXPECT_EQ(entries(folder.path()), 3u) << "no temporary file is left";
}

TEST(File, ReadsFilesThatDoNotTellTheirSize) {
  EXPECT_EQ(read_text_file("/dev/null"), "");
  EXPECT_NE(read_text_file("/proc/self/status").find("Pid:"), std::string::npos);
}

TEST(File, ReadErrorsNamePathAndReason) {
  const TemporaryFolder folder;
  expect_error(ErrorKind::input, {(folder / "none").string(), "No such file"}, [&] { read_file(folder / "none"); });
  expect_error(ErrorKind::input, {folder.path().string(), "directory"}, [&] { read_text_file(folder.path()); });
  expect_error(ErrorKind::input, {(folder / "none").string()}, [&] { read_blocks(folder / "none", [](auto) {}); });
}

TEST(File, BlocksMakeUpTheFile) {
  const TemporaryFolder folder;
  std::string content;
  for (int i = 0; content.size() < 2'500'000; ++i) content += text(i, " ");
  write_file(folder / "long", content);
  std::string joined;
  int blocks = 0;
  read_blocks(folder / "long", [&](std::span<const std::uint8_t> block) {
    joined.append(block.begin(), block.end());
    ++blocks;
  });
  EXPECT_EQ(joined, content);
  EXPECT_GT(blocks, 1);
}

TEST(AtomicFile, AppearsOnlyWhenCommitted) {
  const TemporaryFolder folder;
  write_file(folder / "result", "old");
  {
    AtomicFile file(folder / "result");
    file.write("ne");
    EXPECT_EQ(read_text_file(folder / "result"), "old");
    file.write("w");
    file.commit();
    EXPECT_EQ(read_text_file(folder / "result"), "new");
  }
  EXPECT_EQ(read_text_file(folder / "result"), "new");
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(AtomicFile, AbandonedLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  write_file(folder / "result", "old");
  {
    AtomicFile file(folder / "result");
    file.write("half");
  }
  EXPECT_EQ(read_text_file(folder / "result"), "old");
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(AtomicFile, NamesAsLongAsNamesCanBe) {
  const TemporaryFolder folder;
  const fs::path path = folder / std::string(255, 'n');
  write_file(path, "x");
  EXPECT_EQ(read_text_file(path), "x");
  expect_error(ErrorKind::failure, {"too long"}, [&] { write_file(folder / std::string(256, 'n'), "x"); });
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(AtomicFile, ErrorsNamePathAndReason) {
  const TemporaryFolder folder;
  const fs::path missing = folder / "no" / "such" / "file";
  expect_error(ErrorKind::failure, {missing.string(), "No such file", (folder / "no" / "such").string()},
               [&] { AtomicFile file(missing); });
  expect_error(ErrorKind::failure, {folder.path().string(), "directory"}, [&] { AtomicFile file(folder.path()); });
  expect_error(ErrorKind::failure, {"directory"}, [&] { AtomicFile file(folder.path() / ""); });
  write_file(folder / "file", "");
  expect_error(ErrorKind::failure, {"Not a directory"}, [&] { AtomicFile file(folder / "file" / "below"); });
}

TEST(AtomicFile, FullDiskIsAnError) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  expect_error(ErrorKind::failure, {"/dev/full", "No space left"}, [] { write_file("/dev/full", "x"); });
}

// A limit on file sizes fails a write to a regular file halfway, as a full disk does.
TEST(AtomicFile, WriteThatFailsHalfwayLeavesTheOldFile) {
  const TemporaryFolder folder;
  write_file(folder / "result", "old");
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = before;
  limit.rlim_cur = 1000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  expect_error(ErrorKind::failure, {(folder / "result").string(), "too large"},
               [&] { write_file(folder / "result", std::string(5000, 'x')); });
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(read_text_file(folder / "result"), "old");
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(AtomicFile, FollowsSymbolicLinks) {
  const TemporaryFolder folder;
  make_folder(folder / "real");
  write_file(folder / "real" / "file", "old");
  fs::create_symlink("real/file", folder / "link");
  fs::create_symlink("real/later", folder / "dangling");
  write_file(folder / "link", "new");
  write_file(folder / "dangling", "later");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_text_file(folder / "real" / "file"), "new");
  EXPECT_EQ(read_text_file(folder / "real" / "later"), "later");
}

TEST(AtomicFile, DevicesStayDevices) {
  write_file("/dev/null", "gone");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(AtomicFile, WritesIntoPipes) {
  const TemporaryFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open_for_reading(pipe);
  ASSERT_GE(reader, 0);
  write_file(pipe, "through");
  std::array<char, 16> received{};
  EXPECT_EQ(::read(reader, received.data(), received.size()), 7);
  EXPECT_STREQ(received.data(), "through");
  ::close(reader);
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST(Pipes, WithoutAnotherEndAreNotWaitedFor) {
  const TemporaryFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_text_file(pipe), "");
  expect_error(ErrorKind::failure, {pipe.string()}, [&] { write_file(pipe, "lost"); });
}

TEST(Pipes, AreReadToTheirEnd) {
  const TemporaryFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int writer = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  const int keeper = open_for_reading(pipe);  // what is written before anybody reads stays
  std::thread slow([&] {
    for (const char* part : {"one ", "two"}) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      EXPECT_GT(::write(writer, part, std::strlen(part)), 0);
    }
    ::close(writer);
  });
  EXPECT_EQ(read_text_file(pipe), "one two");
  slow.join();
  ::close(keeper);
}

/// Has standard output go to a file while `action` runs.
template <class Action>
void with_standard_output(int descriptor, Action action) {
  std::fflush(stdout);
  const int before = ::dup(STDOUT_FILENO);
  ::dup2(descriptor, STDOUT_FILENO);
  action();
  ::dup2(before, STDOUT_FILENO);
  ::close(before);
}

TEST(AtomicFile, StandardOutputIsWrittenToWhateverIsBehindIt) {
  const TemporaryFolder folder;
  const fs::path path = folder / "out";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  with_standard_output(file, [&] {
    ASSERT_EQ(::write(STDOUT_FILENO, "before ", 7), 7);
    write_file("/dev/stdout", "by device ");
    write_file(path, "by name ");
    ASSERT_EQ(::write(STDOUT_FILENO, "after", 5), 5);
  });
  ::close(file);
  EXPECT_EQ(read_text_file(path), "before by device by name after");
  EXPECT_EQ(entries(folder.path()), 1u);

  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  with_standard_output(ends[1], [] { write_file("/dev/stdout", "through"); });
  char received[8] = {};
  EXPECT_EQ(::read(ends[0], received, 7), 7);
  EXPECT_STREQ(received, "through");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(AtomicFile, PermissionsFollowTheUmask) {
  const TemporaryFolder folder;
  const mode_t before = umask(027);
  write_file(folder / "file", "x");
  umask(before);
  EXPECT_EQ(fs::status(folder / "file").permissions(), static_cast<fs::perms>(0640));
}

TEST(AtomicFile, ManyWritersOfOneNameLeaveOneWholeFile) {
  const TemporaryFolder folder;
  std::vector<std::thread> writers;
  for (char letter = 'a'; letter < 'i'; ++letter) {
    writers.emplace_back([&folder, letter] {
      for (int i = 0; i < 5; ++i) write_file(folder / "shared", std::string(100'000, letter));
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string content = read_text_file(folder / "shared");
  EXPECT_EQ(content, std::string(100'000, content.at(0)));
  EXPECT_EQ(entries(folder.path()), 1u);
}

// A process that was killed while it wrote.
void leave_a_temporary_file(const fs::path& folder) {
  const pid_t writer = ::fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    AtomicFile file(folder / "result");
    file.write("half");
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(writer, &status, 0), writer);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(RemoveUnfinishedFiles, TakesWhatKilledWritersLeftAndNothingElse) {
  const TemporaryFolder folder;
  leave_a_temporary_file(folder.path());
  leave_a_temporary_file(folder.path());
  EXPECT_EQ(entries(folder.path()), 2u);
  for (const char* name : {"result", ".throng-notes", "model.tmp", ".hidden"}) write_file(folder / name, "x");
  make_folder(folder / ".throng-folder.tmp");
  make_folder(folder / "below");
  write_file(folder / "below" / ".throng-1-1.tmp", "x");
  fs::create_symlink(folder / "result", folder / ".throng-link.tmp");
  remove_unfinished_files(folder.path());
  EXPECT_EQ(entries(folder.path()), 7u);
  EXPECT_TRUE(fs::exists(folder / "below" / ".throng-1-1.tmp"));
  EXPECT_EQ(read_text_file(folder / "result"), "x");
}

TEST(RemoveUnfinishedFiles, LeavesThoseOfLivingWriters) {
  const TemporaryFolder folder;
  AtomicFile file(folder / "result");
  file.write("whole");
  remove_unfinished_files(folder.path());
  file.commit();
  EXPECT_EQ(read_text_file(folder / "result"), "whole");
}

TEST(RemoveUnfinishedFiles, HasNothingToDoWhereThereIsNoFolder) {
  const TemporaryFolder folder;
  remove_unfinished_files(folder / "none");
  write_file(folder / "file", "x");
  remove_unfinished_files(folder / "file");
  EXPECT_EQ(entries(folder.path()), 1u);
}

// Two programs that clean up at once take files from under each other.
TEST(RemoveUnfinishedFiles, FilesThatVanishDoNoHarm) {
  const TemporaryFolder folder;
  for (int i = 0; i < 2000; ++i) write_file(folder / text(".throng-0-", i, ".tmp"), "");
  std::vector<std::thread> cleaners;
  for (int i = 0; i < 4; ++i) cleaners.emplace_back([&] { remove_unfinished_files(folder.path()); });
  for (std::thread& cleaner : cleaners) cleaner.join();
  remove_unfinished_files(folder.path());
  EXPECT_EQ(entries(folder.path()), 0u);
}

TEST(RemoveOwnUnfinishedFiles, TakesWhatIsBeingWrittenAndNothingElse) {
  const TemporaryFolder folder;
  write_file(folder / "done", "x");
  AtomicFile one(folder / "one");
  one.write("half");
  { const AtomicFile abandoned(folder / "two"); }
  EXPECT_EQ(entries(folder.path()), 2u);
  remove_own_unfinished_files();
  EXPECT_EQ(entries(folder.path()), 1u);
  EXPECT_TRUE(fs::exists(folder / "done"));
}

TEST(MakeFolder, MakesParentsAndAcceptsWhatExists) {
  const TemporaryFolder folder;
  make_folder(folder / "a" / "b" / "c");
  make_folder(folder / "a" / "b" / "c");
  make_folder(folder / "a" / "b" / "d" / "");
  EXPECT_TRUE(fs::is_directory(folder / "a" / "b" / "c"));
  EXPECT_TRUE(fs::is_directory(folder / "a" / "b" / "d"));
}

TEST(MakeFolder, ErrorsNamePathAndReason) {
  const TemporaryFolder folder;
  write_file(folder / "file", "");
  expect_error(ErrorKind::failure, {(folder / "file").string(), "Not a directory"},
               [&] { make_folder(folder / "file"); });
  expect_error(ErrorKind::failure, {(folder / "file" / "below").string(), "Not a directory"},
               [&] { make_folder(folder / "file" / "below"); });
}

}  // namespace
}  // namespace throng
