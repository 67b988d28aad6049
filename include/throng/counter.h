#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "throng/export.h"
#include "throng/image.h"

namespace throng {

/// A density map: `values[y * width + x]` people stand in that cell; their sum is the count.
struct DensityMap {
  int width = 0;
  int height = 0;
  std::vector<float> values;  ///< [height, width], people per cell
};

struct CountResult {
  double count = 0;  ///< people (or whatever the model was trained to count)
  int width = 0;     ///< of the image, pixels
  int height = 0;
  DensityMap grid;  ///< on the network's grid of about 1/4 of the image's side; sums to the count

  /// The same density at the image's size (nearest), people per pixel; sums to the count.
  THRONG_API DensityMap per_pixel() const;
};

struct CounterOptions {
  std::string device = "auto";  ///< auto, cpu, cuda or cuda:N
  /// fp32 gives the same number on every machine; bf16 is faster where the hardware multiplies it, int8 where it adds
  /// its products and the model is calibrated (throng model quantize); auto is the fastest of them.
  std::string precision = "fp32";
  int threads = 0;  ///< 0: as many as the machine has cores
  /// Bytes that one image may take, its pixels included; 0: what the machine has available.
  std::int64_t memory_limit = 0;
};

/// What a model file says about itself.
struct ModelInfo {
  std::string name;
  std::string sha256;       ///< of the file
  std::string description;  ///< the metadata, JSON text
  std::int64_t parameters = 0;
};

struct LayerTime;

/// Counts people in images with one loaded model. Not thread-safe: one Counter per thread.
class THRONG_API Counter {
 public:
  /// Loads a model file. Throws Error(model) for a bad file, Error(usage) for options that this machine cannot serve.
  static Counter load(const std::filesystem::path& model, const CounterOptions& options = {});
  /// Loads the model that comes with Throng.
  static Counter load_default(const CounterOptions& options = {});

  Counter(Counter&&) noexcept;
  Counter& operator=(Counter&&) noexcept;
  ~Counter();

  /// Counts one image of any size from 1x1 up. Throws Error(failure) when the image would need more memory than
  /// allowed.
  CountResult count(const Image& image) const;
  /// Counts many images, of one size or of several; the results are those of count(image), in the images' order.
  std::vector<CountResult> count(std::span<const Image> images) const;
  /// Throws as count() would for an image of that size, so that one which is too large need not be decoded first: the
  /// memory for its pixels is counted as well.
  void check_memory(int width, int height) const;

  const ModelInfo& model() const;
  std::string device() const;     ///< what was chosen: cpu, cuda:0
  std::string precision() const;  ///< what was chosen: fp32, bf16, int8
  int threads() const;            ///< what was chosen
  std::string kernels() const;    ///< how convolutions are computed, in words

 private:
  friend CountResult count_profiled(const Counter&, const Image&, std::vector<LayerTime>&);  // infer/profile.h
  struct State;
  explicit Counter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Where the model that comes with Throng lies: THRONG_MODEL, or beside the program. Throws Error(model) when it is
/// nowhere.
THRONG_API std::filesystem::path default_model_path();

}  // namespace throng
