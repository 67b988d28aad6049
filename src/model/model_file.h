#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "confidence/count_interval.h"
#include "confidence/familiarity.h"
#include "core/config.h"
#include "model/calibration.h"
#include "model/density_net.h"
#include "weights/tensor_file.h"

namespace throng {

/// How 8-bit RGB becomes the network's input: (value / 255 - mean) / deviation, per channel.
struct Normalisation {
  std::vector<double> mean = {0.485, 0.456, 0.406};
  std::vector<double> deviation = {0.229, 0.224, 0.225};

  template <class Visitor>
  void visit(Visitor&& field) {
    field("mean", mean, "subtracted from RGB / 255");
    field("deviation", deviation, "divided by afterwards");
  }
};

/// What a model file says besides its tensors; JSON under the metadata key "throng".
struct ModelCard {
  std::int64_t format = 1;
  std::string name = "unnamed";
  double density_scale = 100.0;
  Normalisation normalisation;
  ModelConfig model;
  Json provenance = Json::object();
  // Of these very weights:
  std::optional<Calibration> calibration = {};        ///< without it there is no int8
  std::optional<IntervalCalibration> intervals = {};  ///< without it no intervals
  std::optional<Familiarity> familiarity = {};        ///< without it no warning of unlike pictures

  /// Forgets what was measured of other weights; gives whether there was anything.
  bool forget_measurements();
};

struct LoadedModel {
  DensityNet net;
  ModelCard card;
};

/// What loading does about NaN and infinite values.
enum class NotFinite {
  error,
  kept,  ///< for looking at a model, never for counting with it
};

/// Reads a model of ours, or the released HMoDE's weights (.pth or safetensors with its names).
/// Throws Error(model): unreadable, another architecture, missing or surplus tensors, wrong shapes, NaN weights.
/// What the file says of itself is compared with its tensors before memory for the network is taken.
LoadedModel load_model(const std::filesystem::path& path, NotFinite not_finite = NotFinite::error);

/// The names of a network's tensors that hold NaN or infinite values.
std::vector<std::string> not_finite_tensors(DensityNet& net);

/// Reads what a model file of ours (safetensors) says besides its tensors. Throws Error(model).
ModelCard read_card(const std::filesystem::path& path);

enum class StoredPrecision { fp32, fp16 };

/// The file that load_model reads back. fp16 keeps normalisation layers in fp32: their variances span more than fp16
/// does. The bytes depend on net and card alone. Tensors that need no conversion are shared with the net, not copied:
/// write the file before the net changes.
TensorFile model_to_file(DensityNet& net, const ModelCard& card, StoredPrecision precision = StoredPrecision::fp32);

/// Writes a model file again with what `change` makes of its card; tensors stay as precise as they were stored. `to`
/// may be `from`. Throws as load_model, and Error(failure) where it cannot be written.
void rewrite_model(const std::filesystem::path& from, const std::filesystem::path& to,
                   const std::function<void(ModelCard&)>& change);

/// The metadata text of a card, and back. `where` names the file in errors.
std::string card_to_text(const ModelCard& card);
ModelCard card_from_text(const std::string& json, const std::string& where);

/// What copying does about tensors that the net has and the file lacks.
enum class Absent { error, kept };

/// Copies tensors into a net by name. `only_prefix` limits both sides to names that begin with it.
/// Throws Error(model) that names file, tensor and shapes.
void copy_tensors(const TensorFile& file, DensityNet& net, const std::string& where,
                  const std::string& only_prefix = "", Absent absent = Absent::error,
                  NotFinite not_finite = NotFinite::error);

/// Whether a tensor's name is that of a normalisation layer.
bool is_norm(const std::string& name);

}  // namespace throng
