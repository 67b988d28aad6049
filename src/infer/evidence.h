#pragma once

#include "confidence/count_interval.h"
#include "confidence/picture_features.h"
#include "infer/counting_network.h"

namespace throng {

/// What a picture looks like, in itself and to a network, as numbers that pictures of any size have. After the groups
/// of picture_statistics() come
/// - "gates": mean and standard deviation over the picture of each weight of the gates and of the attention; not for a
///   network without gates;
/// - "crowd": ln of the people per cell where people are (sum of squares over sum, + 0.003), ln of the people per 16
///   pixels (+ 0.0001), and of every other map ln of its count to the final map's (each + 30).
/// The network looked at `seen`, which is the picture or a copy of another size: enlarging makes no picture blurred.
PictureFeatures picture_features(const CountingNetwork& network, const Image& picture, const Image& seen,
                                 const Prediction& prediction);

/// The count of a picture's final map, and what the other maps say and a second pass over a copy whose sides are
/// 1 / sqrt(2) as long. Throws as Counter::count.
CountEvidence count_evidence(const CountingNetwork& network, const Image& image, const Prediction& prediction);

}  // namespace throng
