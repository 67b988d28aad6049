#include "train/run_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/file.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

RunFolder::RunFolder(std::filesystem::path path, bool resume) : path_(std::move(path)) {
  if (!resume && std::filesystem::exists(path_)) {
    throw Error(ErrorKind::usage, text(path_.string(), " exists: continue it with --resume, or choose another --out"));
  }
  made_ = !std::filesystem::exists(path_);
  make_folder(path_);
  lock_.emplace(path_);
  remove_unfinished_files(path_);
}

RunFolder::~RunFolder() {
  std::error_code error;
  const bool saved = std::filesystem::exists(state(), error);
  if (made_ && !saved && !error) remove();
}

// Only what a run writes before its state: the folder itself goes when nobody has put anything else there.
void RunFolder::remove() const noexcept {
  std::error_code ignored;
  for (const std::filesystem::path& path : {config(), provenance(), metrics(), lock_->path(), path_}) {
    std::filesystem::remove(path, ignored);
  }
}

bool RunFolder::has_models() const { return std::filesystem::exists(last()) || std::filesystem::exists(best()); }

std::string RunFolder::way_out() const {
  if (!has_models()) return "begin a new run with another --out";
  const std::filesystem::path model = std::filesystem::exists(last()) ? last() : best();
  return text("begin a new run with another --out, which may start from what this one has learned: --set train.init=",
              model.string());
}

void RunFolder::append_metrics(const Json& line) const {
  const std::string words = line.dump() + "\n";
  const int descriptor = ::open(metrics().c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  const bool written = descriptor >= 0 &&
                       ::write(descriptor, words.data(), words.size()) == static_cast<ssize_t>(words.size()) &&
                       ::fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!written) throw Error(ErrorKind::failure, text("cannot write ", metrics().string(), ": ", reason_of(reason)));
}

void RunFolder::cut_metrics(std::int64_t step, std::int64_t epochs) const {
  if (!std::filesystem::exists(metrics())) return;
  std::string kept;
  for (const std::string& line : split(read_text_file(metrics()), '\n')) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) continue;
    if (json.value("step", std::int64_t{0}) <= step && json.value("epoch", std::int64_t{0}) <= epochs) {
      kept += line + "\n";
    }
  }
  write_file(metrics(), kept);
}

}  // namespace throng
