#pragma once

#include <span>
#include <string>
#include <vector>

#include "confidence/picture_features.h"

namespace throng {

/// One group of features of the pictures that a model knows.
struct KnownFeatures {
  std::string name;
  std::vector<std::vector<double>> pictures;  ///< [pictures][features]
  std::vector<double> deviation;              ///< of each feature over the pictures; above 0
  double usual = 1;                           ///< the distance beyond which a picture is unlike them; above 0
  bool several_kinds = true;                  ///< as FeatureGroup's
};

/// What pictures of the kind that a model knows look like to it, group by group.
struct Familiarity {
  std::vector<KnownFeatures> groups;
};

/// How unlike the known pictures one is.
struct Unfamiliarity {
  double distance = 0;  ///< of the group in which it is most unlike them, in units of its `usual`: unlike above 1
  std::string group;    ///< its name
};

/// The distance to a picture is the root mean square of the differences, each in deviations of its feature. That in a
/// group is the one to the nearest known picture or, where there are not several kinds, the root mean square of those
/// to all. Throws Error(model) where the picture has other groups, or other numbers of features.
Unfamiliarity unfamiliarity(const Familiarity& familiarity, const PictureFeatures& features);

/// From known pictures. Each one's distance to the others is measured without it: `usual` is a common multiple of the
/// 95 % quantiles of the groups' distances, such that of n new pictures of the same kind one in twenty is expected to
/// be beyond it in any group (the ceil(0.95 (n + 1))-th of the pictures' largest distances, split conformal
/// prediction's rank). Of more than 2,000 pictures as many are kept. Throws Error(usage) for fewer than 20.
Familiarity measure_familiarity(std::span<const PictureFeatures> pictures);

}  // namespace throng
