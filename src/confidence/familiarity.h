#pragma once

#include <span>
#include <vector>

namespace throng {

/// What pictures of the kind that a model knows look like to it: of each feature of a picture the mean and the standard
/// deviation over known pictures.
struct Familiarity {
  std::vector<double> mean;
  std::vector<double> deviation;  ///< above 0
  double usual = 1;               ///< the distance that one in fifty of the known pictures exceeds
};

/// Distance of a picture to the known ones in units of `usual`: the mean squared z-score of its features. Above 1 it is
/// unlike them. Throws Error(model) for another number of features.
double unfamiliarity(const Familiarity& familiarity, std::span<const double> features);

/// From the features of known pictures, the same number of each. Throws Error(usage) for fewer than 20 pictures.
Familiarity measure_familiarity(std::span<const std::vector<double>> pictures);

}  // namespace throng
