#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/device.h"
#include "infer/batch_forward.h"
#include "infer/profile.h"
#include "infer/row_engine.h"
#include "model/model_file.h"
#include "throng/image.h"

namespace throng {

/// A network made ready to count: normalisation folded into the convolutions, weights packed for one device and
/// precision. It can neither be trained nor saved, which is why prepare() consumes the net. Not thread-safe.
class PreparedNet {
 public:
  /// An image of any size from 1x1 up; the maps are fp32. Throws Error(input) as image_tensor() does. `budget` says how
  /// much is computed at once: less takes less memory and more time. `profile` is added to; a GPU's work is one entry
  /// of it. Where prepare() was told the normalisation, this must be the same.
  Prediction forward(const Image& image, const Normalisation& normalisation, const RowBudget& budget = {},
                     Profile* profile = nullptr) const;
  /// image [1, 3, H, W] fp32, normalised, channels-last, sides of at least 16, on any device. Where int8 starts from a
  /// picture's bytes, it is rounded to them.
  Prediction forward(const at::Tensor& image, const RowBudget& budget = {}, Profile* profile = nullptr) const;

  /// Images of one size in one pass, each with its own prediction; on a GPU alone. Throws as BatchForward::run().
  std::vector<Prediction> forward(std::span<const Image* const> images, const Normalisation& normalisation,
                                  Profile* profile = nullptr) const;

  /// Called with the name of each convolution that ends in a ReLU and the rows that it has made; on the CPU alone.
  void watch_activations(RowEngine::Watch watch) {
    if (engine_) engine_->watch(std::move(watch));
  }

  /// What an image of that size takes besides its pixels, bytes; 0 on a GPU, which says itself when it is full.
  std::int64_t memory(int width, int height, const RowBudget& budget = {}) const;
  /// The part of it that no budget makes smaller, quickly known.
  std::int64_t whole_maps(int width, int height) const;

  /// What it gives for the smallest image where all its maps are zero: the names and sizes of a prediction, without
  /// the time that one takes. None on a GPU.
  std::optional<Prediction> empty_prediction() const;

  /// How its maps are mixed.
  const Hierarchy& hierarchy() const { return net_.hierarchy(); }
  const at::Device& device() const { return device_; }
  Precision precision() const { return precision_; }
  /// How the convolutions are computed, and why not better where they could be.
  std::string kernels() const;

 private:
  friend PreparedNet prepare(DensityNet&& net, Precision precision, const at::Device& device,
                             const Calibration* calibration, const Normalisation* normalisation);
  PreparedNet(DensityNet&& net, Precision precision, const at::Device& device)
      : net_(std::move(net)), precision_(precision), device_(device) {}

  ImageRows rows_of_tensor(const at::Tensor& image) const;
  Prediction compute(GridSize size, const ImageRows& rows, const RowBudget& budget, Profile* profile) const;

  DensityNet net_;
  Precision precision_;
  at::Device device_;
  std::string kernels_;
  std::optional<Normalisation> picture_;   // what a picture's bytes stand for, where they are not normalised
  std::unique_ptr<RowEngine> engine_;      // none on a GPU
  std::unique_ptr<BatchForward> batches_;  // on a GPU
  double mixing_bytes_per_pixel_ = 0;
};

/// `normalisation` is that of the pictures that will come, which int8 may then read as they are. Throws Error(usage)
/// for a precision that the device does not have, or that the model is not calibrated for.
PreparedNet prepare(DensityNet&& net, Precision precision, const at::Device& device = at::kCPU,
                    const Calibration* calibration = nullptr, const Normalisation* normalisation = nullptr);

}  // namespace throng
