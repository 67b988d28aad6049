#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "confidence/count_interval.h"
#include "core/progress.h"
#include "data/manifest.h"
#include "metrics/errors.h"
#include "metrics/localisation.h"
#include "throng/counter.h"

namespace throng {

class Inspector;

/// What is measured besides MAE, RMSE and NAE; docs/evaluation.md defines each.
struct EvaluationOptions {
  bool game = false;                ///< GAME(0) to GAME(3), Table III
  bool foreground = false;          ///< errors of the counts on the foreground of Eq. (5)
  bool maps = false;                ///< PSNR and SSIM of the density maps
  bool unannotated = false;         ///< pictures whose truth nobody knows are counted as well
  std::vector<std::string> labels;  ///< the data set's labels by whose values errors are listed
  std::int64_t keep_worst = 0;      ///< how many of the worst pictures keep their density
};

/// Counts of one map (an expert, a group, the final map) of a picture.
struct OutputCount {
  std::string name;  ///< "expert1", "group13", "final"
  int level = 0;     ///< 0 for experts
  double count = 0;
};

/// One picture of a data set, counted. With a region of interest all numbers are of what lies inside.
struct EvaluatedImage {
  std::string path;
  double count = 0;
  double truth = 0;     ///< NaN where nobody knows it
  std::string problem;  ///< why it was left out: it cannot be read, is too large, has another size than annotated

  std::optional<std::array<double, 4>> game;  ///< with EvaluationOptions::game, where heads are marked
  std::vector<OutputCount> outputs;           ///< of an Inspector
  std::optional<CountInterval> interval{};    ///< as CountResult's, and so is this:
  std::optional<double> unfamiliarity{};
  std::vector<double> scales = {1};
  std::optional<Localisation> localisation{};  ///< where heads are marked

  double error() const { return count - truth; }
};

/// A badly counted picture.
struct WorstCase {
  EvaluatedImage image;
  CountResult result;  ///< of the whole picture, whatever its region of interest
};

/// Errors of one map over all pictures (Table XII).
struct OutputErrors {
  std::string name;
  int level = 0;
  CountErrors errors;
  std::vector<CountErrors> by_level;  ///< as Evaluation::by_level
};

struct LabelErrors {
  std::string label;                            ///< "weather"
  std::map<std::string, CountErrors> by_value;  ///< "fog" -> errors; "" = pictures without that label
};

struct MapLikeness {
  double psnr = 0;  ///< decibels, mean over the pictures
  double ssim = 0;
  std::int64_t images = 0;
};

/// How well the points that are found fit the heads that are marked.
struct LocalisationFigures {
  double radius = kHeadRadius;  ///< pixels within which a point means a head
  std::int64_t images = 0;
  Localisation overall;
  std::vector<Localisation> by_level;    ///< of the true count, in the order of kCountLevels
  std::vector<Localisation> by_density;  ///< of the crowd at each place, in the order of kCrowdDensities
};

/// As many pictures make one total whose interval is checked.
inline constexpr std::int64_t kPicturesOfTotal = 10;

/// How often the truth lay in the intervals around counts.
struct IntervalFigures {
  double level = 0;  ///< how often it should
  IntervalCoverage overall;
  std::vector<IntervalCoverage> by_level;  ///< of the true count, in the order of kCountLevels
  IntervalCoverage totals;                 ///< of the sums of kPicturesOfTotal pictures each
};

/// Errors of the pictures that are like those that the model knows, and of those that are not.
struct FamiliarityFigures {
  CountErrors familiar;
  CountErrors unfamiliar;
};

/// How well a model counts a set of pictures.
struct Evaluation {
  CountErrors errors;
  std::vector<CountErrors> by_level;          ///< of the true count, in the order of kCountLevels
  std::vector<LabelErrors> by_label;          ///< one for each of EvaluationOptions::labels
  std::optional<std::array<double, 4>> game;  ///< means over the pictures whose heads are marked
  std::optional<CountErrors> foreground;
  std::optional<MapLikeness> maps;
  std::optional<IntervalFigures> intervals{};         ///< with CounterOptions::interval
  std::optional<FamiliarityFigures> familiarity{};    ///< where the model knows what is familiar
  std::optional<LocalisationFigures> localisation{};  ///< of the pictures whose heads are marked
  std::vector<OutputErrors> outputs;                  ///< of an Inspector: experts, groups, the final map
  std::vector<EvaluatedImage> images;  ///< in the order of the entries; without the unannotated, unless they were asked
  std::vector<WorstCase> worst;        ///< worst first
  std::int64_t left_out = 0;           ///< pictures with a problem: in no figure
  std::int64_t unannotated = 0;        ///< pictures whose truth nobody knows: in no figure either
};

/// Counts pictures and compares with their annotations. A picture that cannot be read, needs too much memory, or has
/// another size than the manifest says is left out with a warning; the others go on. Throws Error(interrupted) when
/// stopped (figures of a part would mislead), Error(usage) for a label that no entry has and when nothing is annotated
/// (without options.unannotated), and the kind of the first problem when no picture could be counted.
Evaluation evaluate(const Counter& counter, std::span<const ManifestEntry> entries, const EvaluationOptions& options,
                    const Reporter& reporter, const std::stop_token& stop);

/// The same, with the counts of every expert and group as well (Evaluation::outputs).
Evaluation evaluate(const Inspector& inspector, std::span<const ManifestEntry> entries,
                    const EvaluationOptions& options, const Reporter& reporter, const std::stop_token& stop);

/// Whether a data set is one whose papers report GAME (TRANCOS).
bool judged_by_game(const Manifest& manifest);

}  // namespace throng
