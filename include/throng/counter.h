#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
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

/// One head.
struct HeadPoint {
  float x = 0;  ///< pixels; the pixel in the top-left corner covers 0 <= x < 1, 0 <= y < 1
  float y = 0;
  float confidence = 0;  ///< 0 to 1: how much of one person the density there holds
};

/// Where the true number of people lies, `level` of the time.
struct CountInterval {
  double level = 0;  ///< 0.9: in nine of ten pictures of the kind that the model was calibrated on
  double low = 0;    ///< people; never below 0
  double high = 0;
};

struct CountResult {
  double count = 0;  ///< people (or whatever the model was trained to count)
  int width = 0;     ///< of the image, pixels
  int height = 0;
  DensityMap grid;  ///< on the network's grid of about 1/4 of the side that was counted; sums to the count
  std::optional<CountInterval> interval = {};  ///< with CounterOptions::interval
  /// How unlike the pictures that the model was calibrated on: above 1 it is more unlike them than one in twenty of
  /// their kind is, and neither count nor interval can be relied on. Absent where the model does not know.
  std::optional<double> unfamiliarity = {};
  /// In what it is unlike them: "sharpness", "light", "colour", "gates" (which experts the network trusts) or "crowd"
  /// (how dense, and how far the experts agree). Empty unless unfamiliarity is above 1.
  std::string unlike = {};
  /// At how many times its size the image was counted: one factor, or those whose counts were averaged. The grid is
  /// the mean of their maps, in the cells of the first.
  std::vector<double> scales = {1};

  /// The same density at the image's size (nearest), people per pixel; sums to the count.
  THRONG_API DensityMap per_pixel() const;
  /// Where the people are: as many points as the count rounded, all inside the image, surest first, always the same.
  /// Throws Error(failure) for more than 10 million people.
  THRONG_API std::vector<HeadPoint> points() const;
};

struct CounterOptions {
  std::string device = "auto";  ///< auto, cpu, cuda or cuda:N
  /// fp32 gives the same number on every machine; bf16 is faster where the hardware multiplies it, int8 where it adds
  /// its products and the model is calibrated (throng model quantize); auto is the fastest of them. GPUs also have
  /// fp16.
  std::string precision = "fp32";
  int threads = 0;  ///< 0: as many as the machine has cores
  /// Bytes that one image may take, its pixels included; 0: what the machine has available.
  std::int64_t memory_limit = 0;
  /// Level of the intervals around counts, such as 0.9; 0 for none. It takes a second pass over a copy of half the
  /// size, and a model that is calibrated for it (throng model calibrate).
  double interval = 0;
  /// At how many times their size images are counted: a factor from 0.1 to 4; up to eight, such as "1,0.71", whose
  /// counts are averaged; or "auto": a small image is enlarged while its count grows steeply with it, for a network
  /// does not see heads of few pixels, and a large one shrunk likewise.
  std::string scale = "1";
  /// Also counts the mirrored image, and averages.
  bool mirror = false;
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
  /// The interval of the sum of counts with intervals; the errors of one place's pictures are partly alike, and so it
  /// is neither the sum of intervals nor that of independent ones. Throws Error(usage) when one has none.
  CountInterval total_interval(std::span<const CountResult> results) const;
  /// The interval of `people` counted in a part of a picture, such as a zone of CountResult::grid: as wide in
  /// proportion as that of the whole. Throws Error(usage) when the whole has none.
  CountInterval part_interval(const CountResult& whole, double people) const;
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
  CountResult count(const Image& image, std::vector<LayerTime>* profile) const;
  std::unique_ptr<State> state_;
};

/// Where the model that comes with Throng lies: THRONG_MODEL, or beside the program. Throws Error(model) when it is
/// nowhere.
THRONG_API std::filesystem::path default_model_path();

}  // namespace throng
