#include "model/model_file.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>
#include <set>
#include <utility>

#include "core/text.h"
#include "model/card_json.h"
#include "model/convert.h"
#include "model/half.h"
#include "model/limits.h"
#include "throng/error.h"
#include "weights/finite.h"
#include "weights/input_file.h"
#include "weights/name_map.h"
#include "weights/untrusted_json.h"

namespace throng {

namespace {

constexpr std::int64_t kFormat = 1;

std::string shape_text(at::IntArrayRef sizes) {
  std::string shape = "[";
  for (std::size_t i = 0; i < sizes.size(); ++i) shape += text(i ? ", " : "", sizes[i]);
  return shape + "]";
}

ModelCard card_of(const TensorFile& file, const std::string& recognised, const std::string& where) {
  if (const auto found = file.metadata.find(kMetadataKey); found != file.metadata.end()) {
    return card_from_text(found->second, where);
  }
  if (is_model(file, recognised)) {
    ModelCard card;  // which the authors' file has not
    card.name = "hmode-released";
    return card;
  }
  throw Error(ErrorKind::model,
              text(where, " holds ", recognised, " weights but no description of a counting network: it may serve as ",
                   "model.encoder_weights for training, not as a model to count with"));
}

// Names, types and shapes.
void compare_tensors(const TensorFile& file, DensityNet& net, const std::string& where, const std::string& only_prefix,
                     Absent absent) {
  std::set<std::string> known;
  for (const NamedTensor& named : net.tensors()) {
    if (!named.name.starts_with(only_prefix)) continue;
    known.insert(named.name);
    const auto found = file.tensors.find(named.name);
    if (found == file.tensors.end() && absent == Absent::kept) continue;
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
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(only_prefix) && !known.contains(name)) {
      throw Error(ErrorKind::model, text(where, " has the tensor ", quoted_name(name),
                                         ", which the network does not know: it belongs to another architecture"));
    }
  }
}

// What keeps an image that is normalised so from becoming numbers at all; "" when nothing does.
std::string problem_of(const Normalisation& normalisation) {
  if (normalisation.mean.size() != 3 || normalisation.deviation.size() != 3) return "normalisation needs 3 channels";
  const auto usable = [](double deviation) { return deviation > 0 && std::isfinite(deviation); };
  if (!std::ranges::all_of(normalisation.deviation, usable)) return "normalisation.deviation is not positive";
  const auto finite = [](double mean) { return std::isfinite(mean); };
  return std::ranges::all_of(normalisation.mean, finite) ? "" : "normalisation.mean is not finite";
}

void require_finite(const at::Tensor& stored, const std::string& name, const std::string& where) {
  if (all_finite(stored)) return;
  throw Error(ErrorKind::model,
              text(where, ": ", name, " holds NaN or infinite values: the file is damaged or its training diverged"));
}

// A network of the file's tensors themselves, in fp32; those that need no conversion are not copied.
DensityNet network_of(TensorFile&& file, const ModelConfig& config, const std::string& where, NotFinite not_finite) {
  DensityNet net = network_without_memory(config);
  compare_tensors(file, net, where, "", Absent::error);
  for (const NamedTensor& named : net.tensors()) {
    at::Tensor& stored = file.tensors.at(named.name);
    if (not_finite == NotFinite::error) require_finite(stored, named.name, where);
    *named.tensor = std::exchange(stored, at::Tensor()).to(at::kFloat);
  }
  return net;
}

}  // namespace

bool ModelCard::forget_measurements() {
  const bool measured = calibration || intervals || familiarity;
  calibration.reset();
  intervals.reset();
  familiarity.reset();
  return measured;
}

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
  if (card.calibration) json["calibration"] = to_json(*card.calibration);
  if (card.intervals) json["intervals"] = to_json(*card.intervals);
  if (card.familiarity) json["known_pictures"] = to_json(*card.familiarity);
  return json.dump();
}

ModelCard card_from_text(const std::string& words, const std::string& where) {
  const auto bad = [&](const std::string& why) {
    return Error(ErrorKind::model, text(where, ": the model description in its metadata is damaged (", why, ")"));
  };
  const Json json = [&] {
    try {
      return parse_untrusted_json(words);
    } catch (const Error& error) {
      throw bad(error.what());
    }
  }();
  ModelCard card;
  try {
    card.format = json.at("format").get<std::int64_t>();
    if (card.format != kFormat) {
      throw Error(ErrorKind::model, text(where, " is a model of format ", card.format, ", this program reads format ",
                                         kFormat, ": use a matching version of throng"));
    }
    card.name = json.at("name").get<std::string>();
    card.density_scale = json.at("density_scale").get<double>();
    if (!(card.density_scale > 0) || !std::isfinite(card.density_scale)) throw bad("density_scale is not positive");
    read_config(json.at("normalisation"), where, card.normalisation);
    if (const std::string problem = problem_of(card.normalisation); !problem.empty()) throw bad(problem);
    read_config(json.at("model"), where, card.model);
    card.provenance = json.value("provenance", Json::object());
    if (json.contains("calibration")) {
      card.calibration = calibration_from_json(json.at("calibration"));
      if (!usable(*card.calibration)) throw bad("its calibration has ranges, or a number of images, that cannot be");
    }
    if (json.contains("intervals")) {
      card.intervals = intervals_from_json(json.at("intervals"));
      if (!usable(*card.intervals)) throw bad("the calibration of its intervals has numbers that cannot be");
    }
    // "familiarity", which earlier programs wrote, is passed over: what it held says too little.
    if (json.contains("known_pictures")) {
      card.familiarity = familiarity_from_json(json.at("known_pictures"));
      if (!usable(*card.familiarity)) throw bad("its measure of familiarity has numbers that cannot be");
    }
  } catch (const Json::exception& error) {
    throw bad(error.what());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::usage) throw bad(error.what());
    throw;
  }
  return card;
}

void copy_tensors(const TensorFile& file, DensityNet& net, const std::string& where, const std::string& only_prefix,
                  Absent absent, NotFinite not_finite) {
  const at::NoGradGuard no_gradients;
  compare_tensors(file, net, where, only_prefix, absent);
  for (const NamedTensor& named : net.tensors()) {
    const auto found = file.tensors.find(named.name);
    if (!named.name.starts_with(only_prefix) || found == file.tensors.end()) continue;
    if (not_finite == NotFinite::error) require_finite(found->second, named.name, where);
    named.tensor->copy_(found->second);
  }
}

bool is_norm(const std::string& name) { return name.find(".norm.") != std::string::npos; }

std::vector<std::string> not_finite_tensors(DensityNet& net) {
  std::vector<std::string> names;
  for (const NamedTensor& named : net.tensors()) {
    if (!all_finite(*named.tensor)) names.push_back(named.name);
  }
  return names;
}

LoadedModel load_model(const std::filesystem::path& path, NotFinite not_finite) {
  TensorFile file = read_tensor_file(path);
  const std::string recognised = rename_to_ours(file, path.string());
  ModelCard card = card_of(file, recognised, path.string());
  const auto cannot = [&](std::string_view why) {
    return Error(ErrorKind::model, text(path.string(), " describes a network that cannot be built: ", why));
  };
  try {
    DensityNet net = network_of(std::move(file), card.model, path.string(), not_finite);
    return {std::move(net), std::move(card)};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::model) throw;
    throw cannot(error.what());
  } catch (const c10::Error& error) {
    throw cannot(error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    throw cannot("there is not enough memory for it");
  } catch (const std::exception& error) {
    throw cannot(error.what());
  }
}

void rewrite_model(const std::filesystem::path& from, const std::filesystem::path& to,
                   const std::function<void(ModelCard&)>& change) {
  const TensorFile stored = read_tensor_file(from);
  const bool half =
      std::ranges::any_of(stored.tensors, [](const auto& named) { return named.second.scalar_type() == at::kHalf; });
  LoadedModel model = load_model(from);
  change(model.card);
  write_safetensors(model_to_file(model.net, model.card, half ? StoredPrecision::fp16 : StoredPrecision::fp32), to);
}

ModelCard read_card(const std::filesystem::path& path) {
  const std::map<std::string, std::string> metadata = read_safetensors_metadata(path);
  const auto found = metadata.find(kMetadataKey);
  if (found == metadata.end()) {
    throw Error(ErrorKind::model, text(path.string(), " holds no description of a counting network"));
  }
  return card_from_text(found->second, path.string());
}

TensorFile model_to_file(DensityNet& net, const ModelCard& card, StoredPrecision precision) {
  TensorFile file;
  file.metadata[kMetadataKey] = card_to_text(card);
  for (const NamedTensor& named : net.tensors()) {
    const at::Tensor stored = named.tensor->detach().to(at::kCPU).to(at::kFloat);
    file.tensors[named.name] = precision == StoredPrecision::fp16 ? in_half(named.name, stored) : stored;
  }
  return file;
}

}  // namespace throng
