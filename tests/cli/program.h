#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/file.h"
#include "temporary_folder.h"

extern char** environ;

namespace throng {

struct ProgramResult {
  int exit_code = -1;      ///< 128 + the signal's number for one that was killed
  double cpu_seconds = 0;  ///< unlike the time on the clock, the same on a busy machine
  std::string out;
  std::string err;
};

/// The built program with its three streams in files of its own.
class Program {
 public:
  /// `surroundings` are additional "NAME=value" variables; without THRONG_MODEL unless they hold one.
  explicit Program(const std::vector<std::string>& arguments, const std::string& input = "",
                   const std::vector<std::string>& surroundings = {}, const std::string& out = "") {
    write_file(folder_ / "in", input);
    const std::string out_path = out.empty() ? (folder_ / "out").string() : out;
    // Tests that run behind nohup or `&` hand on that Ctrl-C is ignored, which the program would respect.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t usual;
    ::sigemptyset(&usual);
    for (const int signal_number : {SIGINT, SIGTERM}) ::sigaddset(&usual, signal_number);
    ::posix_spawnattr_setsigdefault(&attributes, &usual);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, (folder_ / "in").c_str(), O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, out_path.c_str(), O_WRONLY | O_CREAT, 0600);
    ::posix_spawn_file_actions_addopen(&actions, 2, (folder_ / "err").c_str(), O_WRONLY | O_CREAT, 0600);

    std::vector<std::string> words{THRONG_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = surroundings;
    for (char** variable = environ; *variable; ++variable) {
      if (!std::string_view(*variable).starts_with("THRONG_")) variables.emplace_back(*variable);
    }
    const int failed = ::posix_spawn(&process_, THRONG_PROGRAM, &actions, &attributes, pointers(words).data(),
                                     pointers(variables).data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (failed != 0) throw std::runtime_error("cannot start " THRONG_PROGRAM);
  }

  std::string out_so_far() const {
    return std::filesystem::exists(folder_ / "out") ? read_text_file(folder_ / "out") : "";
  }
  std::string err_so_far() const {
    return std::filesystem::exists(folder_ / "err") ? read_text_file(folder_ / "err") : "";
  }
  void send(int signal_number) const { ::kill(process_, signal_number); }

  ProgramResult wait() {
    int status = 0;
    rusage used{};
    ::wait4(process_, &status, 0, &used);
    const double seconds = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                           1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, seconds, out_so_far(), read_text_file(folder_ / "err")};
  }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (std::string& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
  }

  TemporaryFolder folder_;
  pid_t process_ = -1;
};

inline ProgramResult run_throng(const std::vector<std::string>& arguments, const std::string& input = "",
                                const std::vector<std::string>& surroundings = {}) {
  return Program(arguments, input, surroundings).wait();
}

}  // namespace throng
