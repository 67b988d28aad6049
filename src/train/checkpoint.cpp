#include "train/checkpoint.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "core/text.h"
#include "throng/error.h"
#include "weights/untrusted_json.h"

namespace throng {

namespace {

constexpr char kPosition[] = "position";
constexpr char kFingerprint[] = "fingerprint";
constexpr char kModel[] = "model";

Json to_json(const TrainPosition& position) {
  return Json{{"step", position.step},         {"epoch", position.epoch},         {"batch", position.batch},
              {"best_mae", position.best_mae}, {"best_step", position.best_step}, {"sums", position.sums}};
}

TrainPosition position_from(const Json& json) {
  TrainPosition position;
  json.at("step").get_to(position.step);
  json.at("epoch").get_to(position.epoch);
  json.at("batch").get_to(position.batch);
  json.at("best_mae").get_to(position.best_mae);
  json.at("best_step").get_to(position.best_step);
  position.sums = json.at("sums");
  return position;
}

// All tensors of a run under the names that they have in its checkpoint.
std::vector<std::pair<std::string, at::Tensor>> run_tensors(DensityNet& net, const Optimiser& optimiser) {
  std::vector<std::pair<std::string, at::Tensor>> tensors = optimiser.state();
  for (const NamedTensor& named : net.tensors()) tensors.emplace_back("net." + named.name, named.tensor->detach());
  return tensors;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, DensityNet& net, const Optimiser& optimiser,
                     const TrainPosition& position, const Fingerprint& fingerprint, const ModelCard& card) {
  TensorFile file;
  for (const auto& [name, tensor] : run_tensors(net, optimiser)) file.tensors[name] = tensor;
  file.metadata[kPosition] = to_json(position).dump();
  file.metadata[kFingerprint] = to_json(fingerprint).dump();
  ModelCard model = card;
  model.provenance = Json::object();  // that of the model files is made anew
  file.metadata[kModel] = card_to_text(model);
  write_safetensors(file, path);
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  try {
    Checkpoint checkpoint{.path = path, .file = read_safetensors(path)};
    const auto& metadata = checkpoint.file.metadata;
    checkpoint.position = position_from(parse_untrusted_json(metadata.at(kPosition)));
    checkpoint.fingerprint = parse_untrusted_json(metadata.at(kFingerprint));
    if (const auto found = metadata.find(kModel); found != metadata.end()) {
      checkpoint.card = card_from_text(found->second, path.string());
    }
    return checkpoint;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::failure, text(path.string(), " cannot be read or is damaged (", error.what(), ")"));
  }
}

void restore(const Checkpoint& checkpoint, DensityNet& net, Optimiser& optimiser) {
  const at::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : run_tensors(net, optimiser)) {
    const auto found = checkpoint.file.tensors.find(name);
    if (found == checkpoint.file.tensors.end() || found->second.sizes() != tensor.sizes()) {
      throw Error(ErrorKind::failure, text(checkpoint.path.string(), " was written by another experiment (", name,
                                           " does not fit): resume with the configuration that started the run"));
    }
    at::Tensor(tensor).copy_(found->second);
  }
}

}  // namespace throng
