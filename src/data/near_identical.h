#pragma once

#include <cstddef>
#include <stop_token>
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

/// Decodes every picture of a manifest once, on all cores; results in the entries' order. Throws Error(interrupted)
/// when stopped, Error(failure) where the memory for a picture is not there: that is no fault of the picture's.
std::vector<SeenPicture> look_at_pictures(const Manifest& manifest, const Reporter& reporter,
                                          const std::stop_token& stop = {});

/// Takes the entries for which `left_out` is set out of a manifest, and what was seen of them out of `seen`.
void leave_out_entries(Manifest& manifest, std::vector<SeenPicture>& seen, const std::vector<bool>& left_out);

/// Looks at all pictures, as above, and leaves out those that cannot be read: each becomes a warning, and one of
/// Manifest::unreadable instead of an entry. Pictures that are missing altogether stay; of them the importer has
/// spoken. Returns what was seen of the entries that are left. Throws Error(input) when none is, and as above.
std::vector<SeenPicture> keep_readable_pictures(Manifest& manifest, const Reporter& reporter = {},
                                                const std::stop_token& stop = {});

/// All pairs i < j of pictures that show nearly the same. Throws Error(interrupted) when stopped.
std::vector<std::pair<std::size_t, std::size_t>> near_identical_pairs(const std::vector<SeenPicture>& pictures,
                                                                      const std::stop_token& stop = {});

/// Gives images whose content is nearly the same a common group, so that no split separates them; `pictures` is what
/// was seen of the entries. Throws Error(interrupted) when stopped; the manifest is then as it was.
void group_near_identical(Manifest& manifest, const std::vector<SeenPicture>& pictures,
                          const std::stop_token& stop = {});

}  // namespace throng
