#pragma once

#include <vector>

#include "confidence/count_interval.h"
#include "infer/counting_network.h"

namespace throng {

/// What a picture looks like to a network, as shares and spreads that any size has: mean and standard deviation over
/// the picture of each weight of its gates and of its attention. Empty for a network without gates.
std::vector<double> picture_features(const Prediction& prediction);

/// The count of a picture's final map, and what the other maps say and a second pass over a copy whose sides are
/// 1 / sqrt(2) as long. Throws as Counter::count.
CountEvidence count_evidence(const CountingNetwork& network, const Image& image, const Prediction& prediction);

}  // namespace throng
