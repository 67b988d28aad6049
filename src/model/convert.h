#pragma once

#include <filesystem>
#include <string>

#include "model/model_file.h"
#include "weights/tensor_file.h"

namespace throng {

/// Under this name the metadata of a model file of ours hold its ModelCard.
inline constexpr char kMetadataKey[] = "throng";

/// Whether a weight file is a model to count with, ours or the released HMoDE, and not an encoder's weights alone;
/// `recognised` is what rename_to_ours said of it.
bool is_model(const TensorFile& file, const std::string& recognised);

/// What a weight file with our names, torchvision's or the released HMoDE's is as a file of ours. Of a model all
/// tensors become fp32, or fp16 as model_to_file does; an encoder's weights stay as precise as they are stored, or
/// become fp16 as in_half says. `name` becomes its name where it is not empty. Throws as load_model and rename_to_ours,
/// and Error(failure) where fp16 cannot hold the values.
TensorFile converted_weights(const std::filesystem::path& from, const std::string& name, StoredPrecision precision);

}  // namespace throng
