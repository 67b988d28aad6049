#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reproduce/paper_tables.h"

namespace throng {

/// Figures of one line, in the order of figures_of().
struct MeasuredLine {
  std::string line;  ///< as PublishedLine::line
  std::vector<double> figures;
  bool operator==(const MeasuredLine&) const = default;
};

/// One training of one network, and how well it counts.
struct NetworkResult {
  std::string network;  ///< as network_of() gives it
  std::int64_t seed = 1;
  std::string row;     ///< "table4/moe", for which it was trained first
  std::string folder;  ///< of its training, below the folder of all results
  bool trained = false;
  double seconds = 0;           ///< of training, over all the times that it was continued
  std::int64_t peak_bytes = 0;  ///< most memory while training: the process's, or the GPU's on one
  std::int64_t epochs = 0;
  std::string device;        ///< "cpu", "cuda:0"
  std::string model;         ///< file in `folder` that was judged
  std::string model_sha256;  ///< of that file
  std::string data_sha256;   ///< of the manifest
  std::int64_t images = 0;   ///< that it was judged on
  std::map<Measure, std::vector<MeasuredLine>> lines;

  bool finished(Measure measure) const { return trained && lines.contains(measure); }
};

/// What results.json in the folder of all results holds.
class Results {
 public:
  /// Empty when there is no such file. Throws Error(failure) when it is damaged.
  static Results read(const std::filesystem::path& file);

  /// Nothing when this training has not been begun.
  const NetworkResult* find(const std::string& network, std::int64_t seed) const;
  /// The record of a training, begun now if need be.
  NetworkResult& begin(const std::string& network, std::int64_t seed, const std::string& row);

  /// Atomic. Throws Error(failure).
  void write() const;

 private:
  std::filesystem::path file_;
  std::map<std::pair<std::string, std::int64_t>, NetworkResult> results_;
};

}  // namespace throng
