#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/config.h"
#include "data/density.h"
#include "data/manifest.h"
#include "throng/image.h"

namespace throng {

/// A picture with its head annotations.
struct LabelledImage {
  std::shared_ptr<const Image> image;
  std::vector<Point> points;
};

/// Where training pictures come from. load() is called from several threads and gives the same answer for the same id.
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual std::int64_t size() const = 0;
  virtual LabelledImage load(std::int64_t id) const = 0;
};

/// The entries of a manifest, decoded images kept in memory up to `cache_bytes`.
std::unique_ptr<SampleSource> make_manifest_source(std::vector<ManifestEntry> entries, std::int64_t cache_bytes);

/// What is done to a picture before it becomes a training crop; everything but crop and flip is off in the paper.
struct AugmentConfig {
  std::int64_t crop = 128;
  double flip = 0.5;
  double scale_low = 1.0;
  double scale_high = 1.0;
  double grey = 0.0;
  double colour = 0.0;
  double blur = 0.0;
  double noise = 0.0;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("crop", crop, "side of the square training crop, pixels, a multiple of 16", between(16, 4096));
    field("flip", flip, "probability of a horizontal flip", between(0, 1));
    field("scale_low", scale_low, "pictures are resized by a factor between scale_low and scale_high, log-uniform",
          between(0.1, 10));
    field("scale_high", scale_high, "see scale_low", between(0.1, 10));
    field("grey", grey, "probability of turning a crop grey", between(0, 1));
    field("colour", colour, "strength of brightness, contrast, saturation and gamma changes, 0 = none", between(0, 1));
    field("blur", blur, "probability of blurring a crop, sigma 0.3 to 2 pixels", between(0, 1));
    field("noise", noise, "probability of noise or grain, 2 to 20 grey levels", between(0, 1));
  }
};

/// Throws Error(usage) for values that fit their ranges one by one and make no crop together.
void validate(const AugmentConfig& augment);

/// One training crop. Truth maps are on the 1/4 grid: exact there for the losses (docs/architecture.md).
/// A picture smaller than the crop fills its top-left corner; the rest is not valid and becomes zero after
/// normalisation.
struct Crop {
  std::vector<std::uint8_t> rgb;  ///< [S, S, 3]
  int valid_width = 0;
  int valid_height = 0;
  std::vector<Point> points;                ///< heads in crop coordinates, those inside the valid part
  std::vector<float> density;               ///< [S/4, S/4] people per 4x4 block
  std::vector<float> density_squared;       ///< [S/4, S/4] sum over the block of (people per pixel)^2
  std::vector<float> foreground;            ///< [S/4, S/4] share of the block's pixels above the foreground threshold
  std::vector<float> half_density;          ///< [S/2, S/2] as density, per 2x2 block; empty unless asked for
  std::vector<float> half_density_squared;  ///< [S/2, S/2]
};

/// Cuts a training crop; all chance comes from (seed, epoch, draw_id).
/// The density map is that of the whole (scaled) picture, cut: people beyond the crop's edge reach into it.
/// `half_grid`: truth on the 1/2 grid as well.
Crop make_crop(const LabelledImage& picture, const AugmentConfig& augment, const DensityConfig& density,
               std::uint64_t seed, std::uint64_t epoch, std::uint64_t draw_id, bool half_grid = false);

}  // namespace throng
