#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "infer/inspection.h"
#include "throng/counter.h"

namespace throng {

/// Counts as Counter does, with the same network, limits and errors, and shows what it sees. Not thread-safe: one
/// Inspector per thread.
class Inspector {
 public:
  /// Loads a model file. Throws as Counter::load.
  static Inspector load(const std::filesystem::path& model, const CounterOptions& options = {});

  Inspector(Inspector&&) noexcept;
  Inspector& operator=(Inspector&&) noexcept;
  ~Inspector();

  /// Throws as Counter::count.
  Inspection inspect(const Image& image) const;
  /// Throws as inspect() would for an image of that size.
  void check_memory(int width, int height) const;

  const ModelInfo& model() const;
  std::string device() const;  ///< as Counter::device, and so on
  std::string precision() const;
  int threads() const;

 private:
  struct State;
  explicit Inspector(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace throng
