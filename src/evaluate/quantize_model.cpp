#include "evaluate/quantize_model.h"

#include <vector>

#include "core/draw.h"
#include "evaluate/load_within_memory.h"
#include "infer/calibrator.h"
#include "model/model_file.h"
#include "throng/error.h"

namespace throng {

namespace {

std::vector<ManifestEntry> some_of(std::span<const ManifestEntry> entries, std::int64_t limit) {
  std::vector<ManifestEntry> some;
  for (const std::int64_t i : Draw(1, "calibration").permutation(static_cast<std::int64_t>(entries.size()))) {
    if (static_cast<std::int64_t>(some.size()) == limit) break;
    some.push_back(entries[static_cast<std::size_t>(i)]);
  }
  return some;
}

}  // namespace

std::int64_t quantize_model(const std::filesystem::path& from, const std::filesystem::path& to,
                            std::span<const ManifestEntry> entries, std::int64_t limit, const Reporter& reporter,
                            const std::stop_token& stop) {
  const std::vector<ManifestEntry> some = some_of(entries, limit);
  const auto total = static_cast<std::int64_t>(some.size());
  Calibrator calibrator(from);
  std::int64_t done = 0;
  for (const ManifestEntry& entry : some) {
    if (stop.stop_requested()) throw Error(ErrorKind::interrupted, "interrupted: nothing was written");
    reporter.progress(done++, total, entry.image.filename().string());
    calibrator.add(
        load_within_memory(entry, [&](ImageSize size) { calibrator.check_memory(size.width, size.height); }));
  }
  reporter.progress(total, total);
  rewrite_model(from, to, [&](ModelCard& card) { card.calibration = calibrator.calibration(); });
  return total;
}

}  // namespace throng
