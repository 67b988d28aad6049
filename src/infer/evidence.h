#pragma once

#include <cstdint>
#include <numbers>

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

/// Throws Error(model) where the model's familiarity is of other features than its network gives. A GPU's network is
/// not asked, which would cost it a pass: its first picture shows it.
void check_familiarity(const CountingNetwork& network);

/// Sides of the copy that intervals have looked at as well, of those of the image.
inline constexpr double kSecondLook = 1 / std::numbers::sqrt2;

/// The count of a picture's final map, and what the other maps say and a second pass over a copy of kSecondLook times
/// its size. `beside` bytes are in use for other things than the image and its prediction. Throws as Counter::count.
CountEvidence count_evidence(const CountingNetwork& network, const Image& image, const Prediction& prediction,
                             std::int64_t beside = 0);

}  // namespace throng
