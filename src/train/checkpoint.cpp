#include "train/checkpoint.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <torch/version.h>

#include "core/text.h"
#include "throng/error.h"
#include "weights/tensor_file.h"

namespace throng {

namespace {

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

Json to_json(const Fingerprint& fingerprint) {
  return Json{{"threads", fingerprint.threads},
              {"cpu", fingerprint.cpu},
              {"torch", fingerprint.torch},
              {"config", fingerprint.config_sha256},
              {"data", fingerprint.data_sha256}};
}

// All tensors of a run under the names that they have in its checkpoint.
std::vector<std::pair<std::string, at::Tensor>> run_tensors(DensityNet& net, const Optimiser& optimiser) {
  std::vector<std::pair<std::string, at::Tensor>> tensors = optimiser.state();
  for (const NamedTensor& named : net.tensors()) tensors.emplace_back("net." + named.name, named.tensor->detach());
  return tensors;
}

std::string compare(const Json& then, const Json& now) {
  std::vector<std::string> changed;
  for (const auto& [key, value] : now.items()) {
    if (then.value(key, Json()) != value) changed.push_back(key);
  }
  return join(changed, ", ");
}

}  // namespace

Fingerprint make_fingerprint(const std::string& config_sha256, const std::string& data_sha256) {
  return {at::get_num_threads(), at::get_cpu_capability(), TORCH_VERSION, config_sha256, data_sha256};
}

void save_checkpoint(const std::filesystem::path& path, DensityNet& net, const Optimiser& optimiser,
                     const TrainPosition& position, const Fingerprint& fingerprint) {
  TensorFile file;
  for (const auto& [name, tensor] : run_tensors(net, optimiser)) file.tensors[name] = tensor.to(at::kCPU).contiguous();
  file.metadata["position"] = to_json(position).dump();
  file.metadata["fingerprint"] = to_json(fingerprint).dump();
  write_safetensors(file, path);
}

TrainPosition load_checkpoint(const std::filesystem::path& path, DensityNet& net, Optimiser& optimiser,
                              const Fingerprint& fingerprint, std::string& differences) {
  const at::NoGradGuard no_gradients;
  const TensorFile file = read_safetensors(path);
  for (const auto& [name, tensor] : run_tensors(net, optimiser)) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end() || found->second.sizes() != tensor.sizes()) {
      throw Error(ErrorKind::failure, text(path.string(), " was written by another experiment (", name,
                                           " does not fit): resume with the configuration that started the run"));
    }
    at::Tensor(tensor).copy_(found->second);
  }
  try {
    differences = compare(Json::parse(file.metadata.at("fingerprint")), to_json(fingerprint));
    return position_from(Json::parse(file.metadata.at("position")));
  } catch (const std::exception& error) {
    throw Error(ErrorKind::failure, text(path.string(), " is damaged (", error.what(), "): start the run anew"));
  }
}

}  // namespace throng
