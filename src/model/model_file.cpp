#include "model/model_file.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstdlib>
#include <set>

#include "core/text.h"
#include "throng/error.h"
#include "weights/name_map.h"

namespace throng {

namespace {

constexpr char kMetadataKey[] = "throng";
constexpr std::int64_t kFormat = 1;

std::string shape_text(at::IntArrayRef sizes) {
  std::string shape = "[";
  for (std::size_t i = 0; i < sizes.size(); ++i) shape += text(i ? ", " : "", sizes[i]);
  return shape + "]";
}

bool is_norm(const std::string& name) { return name.find(".norm.") != std::string::npos; }

std::filesystem::path find_encoder_weights(const std::string& name) {
  if (std::filesystem::is_regular_file(name)) return name;
  const char* folder = std::getenv("THRONG_WEIGHTS");
  const std::filesystem::path weights = folder && *folder ? folder : "../shared/weights";
  for (const char* ending : {"", ".safetensors", ".pth"}) {
    const std::filesystem::path candidate = weights / (name + ending);
    if (std::filesystem::is_regular_file(candidate)) return candidate;
  }
  throw Error(ErrorKind::usage, text("the encoder weights \"", name, "\" are neither a file nor in ", weights.string(),
                                     ": put the file there, set THRONG_WEIGHTS to its folder, or set "
                                     "model.encoder_weights = \"\" to train from scratch"));
}

ModelCard card_of(const TensorFile& file, const std::string& recognised, const std::string& where) {
  if (const auto found = file.metadata.find(kMetadataKey); found != file.metadata.end()) {
    return card_from_text(found->second, where);
  }
  if (recognised == "released hmode") {
    ModelCard card;
    card.name = "hmode-released";
    return card;
  }
  throw Error(ErrorKind::model,
              text(where, " holds ", recognised, " weights but no description of a counting network: it may serve as ",
                   "model.encoder_weights for training, not as a model to count with"));
}

}  // namespace

std::string card_to_text(const ModelCard& card) {
  ModelConfig model = card.model;
  model.encoder_weights.clear();  // a path of the machine that trained it
  Json json;
  json["format"] = card.format;
  json["name"] = card.name;
  json["density_scale"] = card.density_scale;
  json["normalisation"] = config_tree(card.normalisation);
  json["model"] = config_tree(model);
  json["provenance"] = card.provenance;
  return json.dump();
}

ModelCard card_from_text(const std::string& words, const std::string& where) {
  const auto bad = [&](const std::string& why) {
    return Error(ErrorKind::model, text(where, ": the model description in its metadata is damaged (", why, ")"));
  };
  ModelCard card;
  try {
    const Json json = Json::parse(words);
    card.format = json.at("format").get<std::int64_t>();
    if (card.format != kFormat) {
      throw Error(ErrorKind::model, text(where, " is a model of format ", card.format, ", this program reads format ",
                                         kFormat, ": use a matching version of throng"));
    }
    card.name = json.at("name").get<std::string>();
    card.density_scale = json.at("density_scale").get<double>();
    if (!(card.density_scale > 0)) throw bad("density_scale is not positive");
    read_config(json.at("normalisation"), where, card.normalisation);
    if (card.normalisation.mean.size() != 3 || card.normalisation.deviation.size() != 3)
      throw bad("normalisation needs 3 channels");
    read_config(json.at("model"), where, card.model);
    card.provenance = json.value("provenance", Json::object());
  } catch (const Json::exception& error) {
    throw bad(error.what());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) throw bad(error.what());
    throw;
  }
  return card;
}

void copy_tensors(const TensorFile& file, DensityNet& net, const std::string& where, const std::string& only_prefix) {
  const at::NoGradGuard no_gradients;
  std::set<std::string> known;
  for (const NamedTensor& named : net.tensors()) {
    if (!named.name.starts_with(only_prefix)) continue;
    known.insert(named.name);
    const auto found = file.tensors.find(named.name);
    if (found == file.tensors.end()) {
      throw Error(ErrorKind::model,
                  text(where, " lacks the tensor ", named.name, ", which the network ", net.config().encoder,
                       " needs: it belongs to another architecture or is incomplete"));
    }
    const at::Tensor& stored = found->second;
    if (stored.sizes() != named.tensor->sizes()) {
      throw Error(ErrorKind::model,
                  text(where, ": ", named.name, " has shape ", shape_text(stored.sizes()), ", the network needs ",
                       shape_text(named.tensor->sizes()), ": it belongs to another architecture"));
    }
    if (!stored.is_floating_point())
      throw Error(ErrorKind::model, text(where, ": ", named.name, " does not hold floating-point numbers"));
    if (!at::isfinite(stored.to(at::kFloat)).all().item<bool>()) {
      throw Error(
          ErrorKind::model,
          text(where, ": ", named.name, " holds NaN or infinite values: the file is damaged or its training diverged"));
    }
    named.tensor->copy_(stored);
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(only_prefix) && !known.contains(name)) {
      throw Error(ErrorKind::model, text(where, " has the tensor ", name,
                                         ", which the network does not know: it belongs to another architecture"));
    }
  }
}

LoadedModel load_model(const std::filesystem::path& path) {
  TensorFile file = read_tensor_file(path);
  const std::string recognised = rename_to_ours(file);
  ModelCard card = card_of(file, recognised, path.string());
  try {
    DensityNet net(card.model);
    copy_tensors(file, net, path.string());
    return {std::move(net), std::move(card)};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::model) throw;
    throw Error(ErrorKind::model, text(path.string(), " describes a network that cannot be built: ", error.what()));
  }
}

TensorFile model_to_file(DensityNet& net, const ModelCard& card, StoredPrecision precision) {
  TensorFile file;
  file.metadata[kMetadataKey] = card_to_text(card);
  for (const NamedTensor& named : net.tensors()) {
    const bool half = precision == StoredPrecision::fp16 && !is_norm(named.name);
    const at::Tensor stored = named.tensor->detach().to(at::kCPU).to(half ? at::kHalf : at::kFloat).contiguous();
    if (half && !at::isfinite(stored).all().item<bool>()) {
      throw Error(ErrorKind::failure, text(named.name, " has values beyond fp16's range: store the model in fp32"));
    }
    file.tensors[named.name] = stored.clone(at::MemoryFormat::Contiguous);
  }
  return file;
}

TensorFile read_encoder_weights(ModelConfig& config) {
  const std::filesystem::path path = find_encoder_weights(config.encoder_weights);
  TensorFile file = read_tensor_file(path);
  rename_to_ours(file);
  bool norm = false;
  for (const auto& [name, tensor] : file.tensors) norm = norm || (name.starts_with("encoder.") && is_norm(name));
  config.encoder_norm = norm;
  if (const auto found = file.metadata.find("bn_eps"); found != file.metadata.end())
    parse_number(found->second, config.norm_eps);
  if (const auto found = file.metadata.find("stride_in"); found != file.metadata.end()) {
    config.bottleneck_stride = found->second.find("1x1") != std::string::npos ? "1x1" : "3x3";
  }
  return file;
}

}  // namespace throng
