#include "data/picture_check.h"

#include <vector>

#include "core/text.h"
#include "image/codec.h"
#include "throng/error.h"

namespace throng {
namespace {

/// What is wrong with a picture, as far as it is looked into.
std::string picture_problem(const ManifestEntry& entry, CheckDepth depth) {
  try {
    const ImageSize size = probe_image(entry.image);
    if (depth == CheckDepth::pixels) load_image(entry.image);
    return size_problem(entry, size.width, size.height);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    return error.what();
  }
}

}  // namespace

std::string size_problem(const ManifestEntry& entry, int width, int height) {
  if (width == entry.width && height == entry.height) return {};
  return text(entry.image.string(), " has ", width, "x", height, " pixels, but the manifest says ", entry.width, "x",
              entry.height, "; its points would not fit. Import the data set again");
}

void check_size(const ManifestEntry& entry, int width, int height) {
  const std::string problem = size_problem(entry, width, height);
  if (!problem.empty()) throw Error(ErrorKind::input, problem);
}

void check_pictures(std::span<const ManifestEntry> entries, std::string_view what, CheckDepth depth,
                    const std::stop_token& stop) {
  constexpr std::size_t kTold = 5;
  std::vector<std::string> told;
  std::int64_t bad = 0;
  for (const ManifestEntry& entry : entries) {
    if (stop.stop_requested()) throw Error(ErrorKind::interrupted, text("interrupted while checking the ", what));
    const std::string problem = picture_problem(entry, depth);
    if (!problem.empty()) {
      ++bad;
      if (told.size() < kTold) told.push_back("\n  " + problem);
    }
  }
  if (bad == 0) return;
  throw Error(ErrorKind::input,
              text(bad, " of the ", static_cast<std::int64_t>(entries.size()), " ", what, " cannot be used",
                   bad > static_cast<std::int64_t>(kTold) ? ", the first:" : ":", join(told, ""),
                   "\nPut them in their place, or take them out of the manifest (throng data check "
                   "lists all that is wrong)"));
}

}  // namespace throng
