#include "model/encoder_weights.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/text.h"
#include "model/model_file.h"
#include "throng/error.h"
#include "weights/name_map.h"

namespace throng {

namespace {

constexpr char kPrefix[] = "encoder.";

std::filesystem::path weights_folder() {
  const char* folder = std::getenv("THRONG_WEIGHTS");
  return folder && *folder ? folder : "../shared/weights";
}

// Empty where there is none.
std::filesystem::path file_of_weights(const std::string& name) {
  if (std::filesystem::is_regular_file(name)) return name;
  for (const char* ending : {"", ".safetensors", ".pth"}) {
    const std::filesystem::path candidate = weights_folder() / (name + ending);
    if (std::filesystem::is_regular_file(candidate)) return candidate;
  }
  return {};
}

std::filesystem::path find_encoder_weights(const std::string& name) {
  const std::filesystem::path found = file_of_weights(name);
  if (!found.empty()) return found;
  throw Error(ErrorKind::usage,
              text("the encoder weights \"", name, "\" are neither a file nor in ", weights_folder().string(),
                   ": put the file there, set THRONG_WEIGHTS to its folder, or set "
                   "model.encoder_weights = \"\" to train from scratch"));
}

bool has_norms(const TensorFile& file) {
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(kPrefix) && is_norm(name)) return true;
  }
  return false;
}

// Whether a file holds the first two stages of a VGG and nothing else, under our names.
bool is_vgg_start(const TensorFile& file) {
  return std::ranges::all_of(file.tensors, [](const auto& named) {
    return named.first.starts_with("encoder.stage1.") || named.first.starts_with("encoder.stage2.");
  });
}

// Networks that end at 1/8 (EncoderEnd) have no place for what a file holds of the last stage.
TensorFile without_missing_end(const TensorFile& file, DensityNet& net) {
  TensorFile cut = file;
  for (const char* last : {"encoder.stage5.", "encoder.layer3."}) {
    bool has = false;
    net.visit([&](const std::string& name, ConvBlock&) { has = has || name.starts_with(last); });
    if (!has) std::erase_if(cut.tensors, [&](const auto& named) { return named.first.starts_with(last); });
  }
  return cut;
}

}  // namespace

bool has_encoder_weights(const std::string& name) { return !file_of_weights(name).empty(); }

EncoderWeights read_encoder_weights(ModelConfig& config) {
  const std::filesystem::path path = find_encoder_weights(config.encoder_weights);
  EncoderWeights weights{.file = read_tensor_file(path), .path = path.string()};
  rename_to_ours(weights.file, weights.path);
  weights.partial = is_vgg_start(weights.file);
  config.encoder_norm = has_norms(weights.file);
  const auto& metadata = weights.file.metadata;
  if (const auto found = metadata.find("bn_eps"); found != metadata.end()) parse_number(found->second, config.norm_eps);
  if (const auto found = metadata.find("stride_in"); found != metadata.end()) {
    config.bottleneck_stride = found->second.find("1x1") != std::string::npos ? "1x1" : "3x3";
  }
  return weights;
}

void take_weight_traits(const ModelConfig& from, ModelConfig& to) {
  to.encoder_norm = from.encoder_norm;
  to.norm_eps = from.norm_eps;
  to.bottleneck_stride = from.bottleneck_stride;
}

EncoderShare copy_encoder_weights(const EncoderWeights& weights, DensityNet& net) {
  copy_tensors(without_missing_end(weights.file, net), net, weights.path, kPrefix,
               weights.partial ? Absent::kept : Absent::error);
  EncoderShare share;
  net.visit([&](const std::string& name, ConvBlock&) {
    if (!name.starts_with(kPrefix)) return;
    ++share.all;
    share.copied += weights.file.tensors.contains(name + ".weight") ? 1 : 0;
  });
  return share;
}

}  // namespace throng
