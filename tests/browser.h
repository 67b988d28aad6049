#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/file.h"
#include "core/text.h"
#include "image/codec.h"
#include "temporary_folder.h"
#include "throng/image.h"

extern char** environ;

namespace throng {

/// A Chromium without a window that looks at pages on the disk.
class Browser {
 public:
  struct View {
    int width = 1280;
    int height = 2000;
    bool dark = false;
  };

  struct Seen {
    std::string page;      ///< the document as HTML after everything in it was loaded
    std::string messages;  ///< lines of the page's console, errors among them
  };

  /// The first Chromium or Chrome on PATH.
  static std::optional<std::filesystem::path> find() {
    const char* path = std::getenv("PATH");
    for (const std::string& folder : split(path ? path : "", ':')) {
      for (const char* name : {"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome"}) {
        const std::filesystem::path program = std::filesystem::path(folder) / name;
        if (!folder.empty() && ::access(program.c_str(), X_OK) == 0) return program;
      }
    }
    return {};
  }

  explicit Browser(std::filesystem::path program) : program_(std::move(program)) {}

  Seen look_at(const std::filesystem::path& page, const View& view) const {
    const std::string dump = run(page, view, {"--dump-dom"});
    Seen seen{dump, ""};
    for (const std::string& line : split(read_text_file(folder_ / "err"), '\n')) {
      if (line.find(":CONSOLE") != std::string::npos) seen.messages += line + "\n";
    }
    return seen;
  }

  Image photograph(const std::filesystem::path& page, const View& view) const {
    const std::filesystem::path picture = folder_ / "page.png";
    std::filesystem::remove(picture);
    run(page, view, {"--screenshot=" + picture.string()});
    return load_image(picture);
  }

 private:
  // What the program writes to standard output.
  std::string run(const std::filesystem::path& page, const View& view, std::vector<std::string> what) const {
    std::vector<std::string> words = {program_.string(),
                                      "--headless",
                                      "--no-sandbox",
                                      "--disable-gpu",
                                      "--disable-dev-shm-usage",
                                      "--hide-scrollbars",
                                      "--no-first-run",
                                      "--enable-logging=stderr",
                                      "--user-data-dir=" + (folder_ / "profile").string(),
                                      text("--window-size=", view.width, ",", view.height),
                                      text("--blink-settings=preferredColorScheme=", view.dark ? 0 : 1)};
    words.insert(words.end(), what.begin(), what.end());
    words.push_back("file://" + std::filesystem::absolute(page).string());
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, (folder_ / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_addopen(&actions, 2, (folder_ / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_t process = -1;
    const int failed = ::posix_spawn(&process, program_.c_str(), &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start " + program_.string());
    wait_for(process);
    return read_text_file(folder_ / "out");
  }

  static void wait_for(pid_t process) {
    constexpr std::chrono::seconds kLongest{120};
    const auto end = std::chrono::steady_clock::now() + kLongest;
    int status = 0;
    while (::waitpid(process, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > end) {
        ::kill(process, SIGKILL);
        ::waitpid(process, &status, 0);
        throw std::runtime_error("the browser does not come to an end");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    if (status != 0) throw std::runtime_error("the browser failed");
  }

  std::filesystem::path program_;
  TemporaryFolder folder_;
};

}  // namespace throng
