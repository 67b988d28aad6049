#pragma once

#include "confidence/picture_features.h"
#include "throng/image.h"

namespace throng {

/// What a picture looks like, whatever its size and whatever it shows, from about a thousand squares of 16 x 16 pixels
/// that lie evenly over it; beyond an edge the edge's pixels go on. Energies are squared grey levels. Three groups:
/// - "sharpness": log2 of the mean energy of Haar's details in each of four octaves (2, 4, 8 and 16 pixels), log2 of
///   the squares' median energy in the first two, and log2 of the diagonal details' share in these two;
/// - "light": mean (of 32 grey levels), deviation (of 16), 5 % and 95 % quantile (of 32) of the grey levels, and four
///   times the root of the shares of pixels that are nearly black and nearly white;
/// - "colour": log2 of how strong the mean colour is against how much colours vary, log2 of the mean saturation, and
///   log2 of the deviations of blue and of red less grey.
/// The picture must have pixels.
PictureFeatures picture_statistics(const Image& image);

}  // namespace throng
