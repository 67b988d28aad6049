#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "infer/profile.h"
#include "throng/counter.h"

namespace throng {

/// What `throng count` says of one picture: what was counted, or why not.
struct CountRow {
  std::string path;
  int width = 0;  ///< pixels
  int height = 0;
  double count = 0;
  std::optional<CountInterval> interval = {};
  std::optional<double> unfamiliarity = {};  ///< see CountResult, and for
  std::string unlike = {};
  std::vector<double> scales = {1};
  double seconds = 0;        ///< that counting took
  std::string heatmap = {};  ///< files made of it, "" for none
  std::string density = {};
  std::vector<HeadPoint> points = {};  ///< empty unless they were wanted
  std::string points_problem = {};     ///< why there are none although they were wanted
  Profile profile = {};                ///< empty unless it was wanted
  std::string problem = {};
  int exit_code = 0;  ///< what the program ends with because of it; 0 where it was counted
};

/// All rows together.
struct CountTotals {
  double people = 0;
  std::int64_t counted = 0;
  std::int64_t failed = 0;
  std::optional<CountInterval> interval = {};  ///< of the people, where every count has one
};

/// Without the interval, which only a Counter knows.
CountTotals totals_of(std::span<const CountRow> rows);

/// Which network counted, and how.
struct CountedBy {
  std::string model;   ///< its name
  std::string sha256;  ///< of its file
  std::string precision;
  std::string device;
};

/// "PATH <tab> 12.3", and with an interval "<tab> (90 %: 9-17)", with its end of line.
std::string count_line(const CountRow& row);
/// "total <tab> 45.6 <tab> 3 images", likewise.
std::string total_line(const CountTotals& totals);

/// At which scale it was counted, where that is not its own.
std::string size_remark(const CountRow& row);

/// That --scale auto may help, where people were counted in pictures of unusual size at their own; "" where not.
std::string size_hint(std::span<const CountRow> rows);

/// Why a count should not be relied on although it was made; "" where nothing speaks against it.
std::string doubt_about(const CountRow& row);

/// One JSON document; `interrupted` where not all pictures were come to.
std::string count_json(std::span<const CountRow> rows, const CountTotals& totals, const CountedBy& by,
                       bool interrupted);

/// A CSV table with a line of names.
std::string count_csv(std::span<const CountRow> rows);

}  // namespace throng
