#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/config.h"
#include "core/folder_lock.h"

namespace throng {

/// The folder of one training run, held by a lock as long as this object lives. A folder that this object made, and in
/// which no state was saved, goes with it: what failed at once can be tried again under the same name.
class RunFolder {
 public:
  /// Makes the folder, or opens it to resume. Throws Error(usage) when it exists and `resume` is false, Error(failure)
  /// when another process trains in it. Removes the temporary files that a killed process has left.
  RunFolder(std::filesystem::path path, bool resume);
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder();

  std::filesystem::path config() const { return file("config.toml"); }
  std::filesystem::path state() const { return file("state.safetensors"); }
  std::filesystem::path last() const { return file("last.safetensors"); }
  std::filesystem::path best() const { return file("best.safetensors"); }
  std::filesystem::path metrics() const { return file("metrics.jsonl"); }
  std::filesystem::path provenance() const { return file("provenance.json"); }

  /// Whether a run saved models here: then there was a state beside them.
  bool has_models() const;
  /// What to do where the state is lost or damaged: the end of a sentence.
  std::string way_out() const;

  void append_metrics(const Json& line) const;
  /// Drops what was logged behind a step or behind that many epochs, whose last may have ended with that step and be
  /// judged again, and a line that was not finished.
  void cut_metrics(std::int64_t step, std::int64_t epochs) const;

 private:
  std::filesystem::path file(const char* name) const { return path_ / name; }
  void remove() const noexcept;

  std::filesystem::path path_;
  bool made_ = false;
  std::optional<FolderLock> lock_;
};

}  // namespace throng
