#pragma once

#include <span>

namespace throng {

// How alike two density maps [height, width] are. Throws Error(usage) for maps that do not have that size.

/// Peak signal-to-noise ratio in decibels, the peak being the largest true value. Infinite for equal maps; 0 where the
/// truth is zero everywhere and the prediction is not.
double psnr(std::span<const float> predicted, std::span<const float> truth, int width, int height);

/// Mean structural similarity (Wang et al. 2004): Gaussian window of 11x11, sigma 1.5, K1 = 0.01, K2 = 0.03, values
/// relative to the largest true one; windows at the border are cut and renormalised. 1 for equal maps.
double ssim(std::span<const float> predicted, std::span<const float> truth, int width, int height);

/// What both maps hold on the foreground (the target of Eq. 5): the counts of the crowd itself.
struct ForegroundCounts {
  double predicted = 0;
  double truth = 0;
};
/// Foreground is where the truth exceeds `threshold`, people per pixel. Throws Error(usage) for maps of two sizes.
ForegroundCounts foreground_counts(std::span<const float> predicted, std::span<const float> truth, double threshold);

}  // namespace throng
