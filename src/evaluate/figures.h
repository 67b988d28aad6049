#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "evaluate/evaluation.h"
#include "evaluate/region.h"
#include "evaluate/trust.h"
#include "metrics/levels.h"
#include "metrics/localisation.h"

namespace throng {

/// One map of a picture, as if it were the count.
struct CountedOutput {
  std::string name;
  int level = 0;
  CountResult result;
};

/// What a model saw in a picture.
struct CountedPicture {
  CountResult result;
  std::vector<CountedOutput> outputs;  ///< empty where only the count is known
};

/// Gathers what an Evaluation reports, picture by picture.
class Figures {
 public:
  /// `intervals` is asked where counts have intervals.
  explicit Figures(const EvaluationOptions& options, DerivedIntervals intervals = {});

  /// Measures one picture; the counts go into `image`, and into the figures where the truth is known.
  void add(const ManifestEntry& entry, const CountedPicture& picture, EvaluatedImage& image);
  /// Writes the figures of all pictures so far.
  void write(Evaluation& evaluation) const;

 private:
  struct OutputMeter {
    std::string name;
    int level = 0;
    LevelMeter meter;
  };

  void add_outputs(const EvaluatedImage& image);

  const EvaluationOptions& options_;
  DerivedIntervals intervals_;
  LevelMeter levels_;
  std::vector<std::map<std::string, ErrorMeter>> by_value_;  ///< one for each of the options' labels
  std::vector<OutputMeter> outputs_;
  std::array<double, 4> game_{};
  std::int64_t game_images_ = 0;
  ErrorMeter foreground_;
  MapLikeness likeness_;  ///< sums so far
  LocalisationMeter points_;
  std::int64_t points_images_ = 0;
  TrustMeter trust_;
};

}  // namespace throng
