#include "evaluate/calibrate_confidence.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>

#include "core/text.h"
#include "evaluate/load_within_memory.h"
#include "image/codec.h"
#include "infer/confidence_calibrator.h"
#include "model/model_file.h"
#include "throng/error.h"

namespace throng {

namespace {

/// How many people there are in the whole of a picture.
std::int64_t people_in_all(const ManifestEntry& entry) {
  const std::optional<std::int64_t> people = entry.people();
  if (!people) {
    throw Error(ErrorKind::usage, text(entry.image.string(), " is not annotated: an interval is calibrated with ",
                                       "pictures whose number of people is known"));
  }
  if (!entry.roi.empty()) {
    throw Error(ErrorKind::usage,
                text(entry.image.string(), " is annotated in a region of interest alone: an interval ",
                     "of a whole picture is calibrated with pictures that are annotated as a whole"));
  }
  return *people;
}

// What can be wrong with a picture is said before hours of counting are lost to the last one.
void check_entries(std::span<const ManifestEntry> entries) {
  std::set<std::filesystem::path> seen;
  for (const ManifestEntry& entry : entries) {
    if (!seen.insert(entry.image.lexically_normal()).second) {
      throw Error(ErrorKind::usage, text(entry.image.string(), " is there twice: an interval is calibrated with ",
                                         "different pictures, so leave one of the lines out"));
    }
    people_in_all(entry);
    probe_image(entry.image);
  }
}

}  // namespace

void calibrate_confidence(const std::filesystem::path& from, const std::filesystem::path& to,
                          std::span<const ManifestEntry> entries, const CounterOptions& options,
                          const Reporter& reporter, const std::stop_token& stop) {
  check_entries(entries);
  ConfidenceCalibrator calibrator(from, options);
  const auto total = static_cast<std::int64_t>(entries.size());
  std::int64_t done = 0;
  for (const ManifestEntry& entry : entries) {
    if (stop.stop_requested()) throw Error(ErrorKind::interrupted, "interrupted: nothing was written");
    reporter.progress(done++, total, entry.image.filename().string());
    const auto people = static_cast<double>(people_in_all(entry));
    const Image image =
        load_within_memory(entry, [&](ImageSize size) { calibrator.check_memory(size.width, size.height); });
    calibrator.add(image, people, entry.image.parent_path().string());
  }
  reporter.progress(total, total);
  const IntervalCalibration intervals = calibrator.intervals();
  rewrite_model(from, to, [&](ModelCard& card) {
    card.intervals = intervals;
    card.familiarity = calibrator.familiarity();
  });
}

}  // namespace throng
