#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "data/sample.h"

namespace throng {

/// Plain buffers of B crops of S x S, ready to be wrapped in tensors.
struct Batch {
  int batch = 0;
  int size = 0;                        ///< S, pixels
  std::vector<std::uint8_t> rgb;       ///< [B, S, S, 3]
  std::vector<float> density;          ///< [B, S/4, S/4], see Crop
  std::vector<float> density_squared;  ///< [B, S/4, S/4]
  std::vector<float> foreground;       ///< [B, S/4, S/4]
  std::vector<float> half_density;     ///< [B, S/2, S/2], likewise; empty unless the loader is to give it
  std::vector<float> half_density_squared;
  std::vector<int> valid_width;   ///< [B]
  std::vector<int> valid_height;  ///< [B]
  std::vector<std::vector<Point>> points;
  std::vector<std::int64_t> ids;  ///< [B] index into the source
  std::uint64_t epoch = 0;
  std::vector<std::uint64_t>
      visits;  ///< [B] which of the epoch's crops each is: with the epoch, what chance comes from
};

struct LoaderOptions {
  std::int64_t batch = 8;
  std::int64_t crops_per_image = 1;  ///< how often an epoch visits each picture, each time with another crop
  int workers = 1;                   ///< threads; 0 = load in next()
  int prefetch = 4;                  ///< batches held ready
  std::uint64_t seed = 1;
  bool half_grid = false;  ///< give truth on the 1/2 grid as well
};

/// Delivers an epoch's batches in an order that depends on (seed, epoch) alone, never on the workers.
/// The last batch of an epoch may be smaller.
class Loader {
 public:
  Loader(std::shared_ptr<const SampleSource> source, AugmentConfig augment, DensityConfig density,
         LoaderOptions options);
  ~Loader();

  std::int64_t batches_per_epoch() const;

  /// Starts (or restarts) at batch `first_batch` of an epoch.
  void start(std::int64_t epoch, std::int64_t first_batch = 0);

  /// The next batch, or nothing at the end of the epoch. Rethrows what a worker threw.
  std::optional<Batch> next();

  /// Seconds that next() has waited for batches since start(): for workers, or for its own loading without any.
  double waited() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace throng
