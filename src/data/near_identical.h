#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/progress.h"
#include "data/manifest.h"
#include "data/signature.h"

namespace throng {

/// One picture as it was found on disk.
struct SeenPicture {
  int width = 0;
  int height = 0;
  ContentSignature signature;
  std::string problem;  ///< why it could not be read; "" when it could
};

/// Decodes every picture of a manifest once, on all cores; results in the entries' order.
std::vector<SeenPicture> look_at_pictures(const Manifest& manifest, const Reporter& reporter);

/// All pairs i < j of pictures that show nearly the same.
std::vector<std::pair<std::size_t, std::size_t>> near_identical_pairs(const std::vector<SeenPicture>& pictures);

}  // namespace throng
