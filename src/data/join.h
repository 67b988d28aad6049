#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/progress.h"
#include "data/manifest.h"

namespace throng {

struct JoinOptions {
  std::string name;                                   ///< of the joined data set; "" = the names with + between
  std::map<std::string, std::string> renamed_splits;  ///< "fold2" -> "val", in all sets
  std::vector<std::filesystem::path> without;         ///< pictures to leave out
  /// Splits, as they are called afterwards, whose pictures must have no near-identical ones in other splits: those are
  /// left out, but never those of split "test". Between two of the splits named here the one named first keeps its
  /// picture.
  std::vector<std::string> without_twins;
  bool look_at_pictures = true;  ///< reads all of them and groups near-identical ones, as `data import` does
};

/// Makes one data set of several, in their order. Each entry gets the label "set" with its set's name, unless it has
/// one. A group of the same name in another set is another group, so those after the first are renamed. A picture that
/// is listed again with the same annotations is taken once. What is left out is told in notes.
/// Throws Error(usage) for a picture whose entries disagree, a split or picture in the options that is not there,
/// twins asked for without looking; Error(interrupted) when stopped.
/// Pictures that cannot be read are left out as keep_readable_pictures does.
Manifest join_manifests(std::span<const Manifest> manifests, const JoinOptions& options, const Reporter& reporter = {},
                        const std::stop_token& stop = {});

}  // namespace throng
