#pragma once

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/progress.h"

namespace throng {

/// A benchmark that rows are trained on.
struct Benchmark {
  std::string_view key;       ///< "sha": a configuration names it by data.manifest = "sha.jsonl"
  std::string_view title;     ///< "ShanghaiTech A"
  std::string_view importer;  ///< which of data/importers.h reads its layout
  std::string_view mark;      ///< its folder's name has this in it, case and punctuation aside; "" = any name
  std::string_view no_mark;   ///< and never this, unless it is ""
};

/// The benchmark that `data.manifest` stands for; nothing for a manifest of one's own.
const Benchmark* benchmark_of(const std::string& manifest);
/// All keys, for sentences: "sha, shb, jhu, trancos".
std::string benchmark_keys();
/// Throws Error(usage) that lists the keys when there is none of that name.
const Benchmark& find_benchmark(std::string_view key);

/// The folder below `folder` (or itself) in which a benchmark lies in its original layout; empty when it is nowhere.
std::filesystem::path locate_benchmark(const std::filesystem::path& folder, const Benchmark& benchmark);

/// A manifest to train and judge on, or what is missing.
struct AvailableData {
  std::filesystem::path manifest;
  std::string needs;  ///< "ShanghaiTech A (its folder was not found below DIR)"; empty when all is there
};

/// Imports benchmarks as they are asked for, each once.
class DataSets {
 public:
  /// Looks for benchmarks below `source` ("" = there is none) and keeps their manifests in `store`.
  DataSets(std::filesystem::path source, std::filesystem::path store, Reporter reporter, std::stop_token stop);

  /// What is missing of the data that `data.manifest` of a configuration stands for, as far as can be seen without
  /// importing anything: "ShanghaiTech A (not found in DIR)"; "" when it is there.
  std::string missing(const std::string& manifest) const;

  /// The same data with a part to train on and a part to test on, imported if need be.
  /// Throws Error(interrupted) when stopped.
  const AvailableData& get(const std::string& manifest);

 private:
  /// Where a benchmark is found: a manifest of it, or the folder to import.
  struct Place {
    std::filesystem::path manifest;
    std::filesystem::path folder;
  };
  Place place_of(const Benchmark& benchmark) const;
  AvailableData find(const std::string& manifest) const;
  void import(const Benchmark& benchmark, const std::filesystem::path& folder, const std::filesystem::path& out) const;

  std::filesystem::path source_;
  std::filesystem::path store_;
  Reporter reporter_;
  std::stop_token stop_;
  std::map<std::string, AvailableData> known_;
};

}  // namespace throng
