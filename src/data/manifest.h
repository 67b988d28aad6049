#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/progress.h"

namespace throng {

/// A head annotation in pixels of its image; may lie outside it. Pixel (0, 0) covers [0, 1) x [0, 1).
struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};

/// One annotated image of a data set.
struct ManifestEntry {
  std::filesystem::path image;  ///< absolute, or relative to the working directory; ready to open
  int width = 0;                ///< pixels, after EXIF orientation
  int height = 0;
  std::vector<Point> points;
  std::string split;  ///< "train", "test", "val", or any other name
  std::string group;  ///< entries of one group stay on one side of a split; "" = a group of its own

  bool annotated = true;                ///< false: nobody marked heads here, `points` is empty and means nothing
  std::optional<std::int64_t> count{};  ///< how many people there are, where that is all that is known
  std::filesystem::path roi{};          ///< mask of the region of interest, white inside; empty = the whole image
  std::filesystem::path perspective{};  ///< .npy [height, width]: the scale of the scene, as the data set measures it
  std::map<std::string, std::string> labels{};  ///< what else the data set says: "weather" -> "fog"
  /// Fields that other programs have added, each with its value's JSON text: they are written again as they were read.
  std::vector<std::pair<std::string, std::string>> other_fields{};

  /// The true number of people: of the points, or `count` where heads are not marked; nothing where nobody knows.
  std::optional<std::int64_t> people() const;
};

/// An annotated data set. On disk: JSON lines, described in docs/manifest.md.
struct Manifest {
  std::string name;
  std::vector<ManifestEntry> entries;
  std::vector<std::pair<std::string, std::string>> other_fields{};  ///< of the first line, as those of an entry
  /// Annotated pictures that cannot be read: an importer leaves them out of the entries. Not written.
  std::vector<std::filesystem::path> unreadable{};

  /// The entries of one split, in order. Throws Error(usage) that lists the splits there are when it is empty.
  std::vector<ManifestEntry> split(const std::string& which) const;
};

/// Throws Error(input) with file and line for anything that does not fit the format.
Manifest read_manifest(const std::filesystem::path& path);

/// Image paths below the manifest's folder are written relative to it, others absolute. Atomic; a file that is there
/// already keeps its mode.
void write_manifest(const Manifest& manifest, const std::filesystem::path& path);

/// SHA-256 over the manifest's bytes: what results are reported with.
std::string manifest_sha256(const std::filesystem::path& path);

/// Moves a share of the entries of split `from` to split `to`, chosen by seed; entries of one group move together.
/// Throws Error(usage) for a share outside (0, 1), a split `to` that is there already, and groups too large to divide.
void split_manifest(Manifest& manifest, const std::string& from, const std::string& to, double share,
                    std::uint64_t seed);

struct ManifestProblem {
  enum class Severity { note, error };
  Severity severity;
  std::string sentence;
};

/// Looks for missing or unreadable images, wrong sizes, points outside, duplicate points, images that are listed twice,
/// empty lists, and near-identical images (by content), above all across splits. Throws Error(interrupted) when
/// stopped.
std::vector<ManifestProblem> check_manifest(const Manifest& manifest, const Reporter& reporter = {},
                                            const std::stop_token& stop = {});

}  // namespace throng
