#include "train/fingerprint.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <torch/version.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "core/checksum.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

/// The configuration without what does not decide the weights, or is recorded better: paths, the number of threads, a
/// device and a precision that may be "auto".
Json recipe(ExperimentConfig config) {
  config.data.manifest.clear();
  config.data.cache_mib = config.data.workers = 0;
  config.model.encoder_weights.clear();
  config.train.init.clear();
  config.train.threads = config.train.checkpoint_steps = 0;
  config.train.device.clear();
  config.train.precision.clear();
  config.train.graph.clear();
  return config_tree(config);
}

std::vector<std::string> cpu_features() {
  std::vector<std::string> features;
  for (const auto& [name, value] : at::cpu::get_cpu_capabilities()) {
    if (value.isBool() && value.toBool()) features.push_back(name);
  }
  std::ranges::sort(features);
  return features;
}

/// The plain values of a tree by their full keys.
void flatten(const Json& tree, const std::string& prefix, std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : tree.items()) {
    if (value.is_object()) {
      flatten(value, text(prefix, name, "."), values);
    } else {
      values[prefix + name] = value.dump();
    }
  }
}

std::string then_and_now(const std::string& what, std::string_view then, std::string_view now) {
  return text(what, " (", then, " then, ", now, " now)");
}

/// The keys that differ between the configuration that a run was started with and this one.
std::vector<std::string> changed_keys(const std::filesystem::path& config_file, const ExperimentConfig& config) {
  ExperimentConfig old;  // keys that an older program did not know have their defaults
  read_config(read_toml(config_file), config_file.string(), old);
  std::map<std::string, std::string> then, now;
  flatten(recipe(old), "", then);
  flatten(recipe(config), "", now);
  std::vector<std::string> changed;
  for (const auto& [key, value] : now) {
    if (then[key] != value) changed.push_back(then_and_now(key, then[key], value));
  }
  return changed;
}

std::string config_difference(const std::filesystem::path& config_file, const ExperimentConfig& config) {
  try {
    const std::vector<std::string> keys = changed_keys(config_file, config);
    return keys.empty() ? "the configuration (other keys exist now than in the program that wrote the checkpoint)"
                        : join(keys, ", ");
  } catch (const Error& error) {
    return text("the configuration (which keys is not known: ", error.what(), ")");
  }
}

std::vector<std::string> without(const std::vector<std::string>& all, const std::vector<std::string>& removed) {
  std::vector<std::string> left;
  std::ranges::set_difference(all, removed, std::back_inserter(left));
  return left;
}

/// Of dozens of features only those that differ are told.
std::string feature_difference(const Json& then, const std::vector<std::string>& now) {
  const auto before = then.get<std::vector<std::string>>();
  const auto told = [](const std::vector<std::string>& features) {
    return features.empty() ? std::string("no more") : join(features, ", ");
  };
  return then_and_now("CPU features", told(without(before, now)), told(without(now, before)));
}

std::string shown(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

Fingerprint make_fingerprint(const ExperimentConfig& config, const std::string& data_sha256, const at::Device& device,
                             Precision precision) {
  return {.threads = at::get_num_threads(),
          .cpu = at::get_cpu_capability(),
          .cpu_features = cpu_features(),
          .torch = TORCH_VERSION,
          .device = c10::DeviceTypeName(device.type(), /*lower_case=*/true),
          .precision = to_string(precision),
          .config_sha256 = sha256(recipe(config).dump()),
          .data_sha256 = data_sha256};
}

Json to_json(const Fingerprint& fingerprint) {
  return Json{{"threads", fingerprint.threads},
              {"cpu", fingerprint.cpu},
              {"cpu_features", fingerprint.cpu_features},
              {"torch", fingerprint.torch},
              {"device", fingerprint.device},
              {"precision", fingerprint.precision},
              {"config", fingerprint.config_sha256},
              {"data", fingerprint.data_sha256}};
}

std::vector<std::string> resume_warnings(const Json& then, const Fingerprint& now,
                                         const std::filesystem::path& config_file, const ExperimentConfig& config) {
  const Json current = to_json(now);
  std::vector<std::string> changed, unrecorded;
  for (const auto& [key, value] : current.items()) {
    const auto found = then.find(key);
    if (found == then.end()) {
      unrecorded.push_back(key);
    } else if (*found == value) {
      continue;
    } else if (key == "config") {
      changed.push_back(config_difference(config_file, config));
    } else if (key == "data") {
      changed.emplace_back("the data set");
    } else if (key == "cpu_features") {
      changed.push_back(feature_difference(*found, now.cpu_features));
    } else {
      changed.push_back(then_and_now(key, shown(*found), shown(value)));
    }
  }
  std::vector<std::string> warnings;
  if (!changed.empty()) {
    warnings.push_back(text("not the same as when the run was stopped: ", join(changed, ", "),
                            "; the result will not be bit-identical"));
  }
  if (!unrecorded.empty()) {
    warnings.push_back(text("the checkpoint is of an older program and does not record ", join(unrecorded, ", "),
                            ": the result may not be bit-identical"));
  }
  return warnings;
}

}  // namespace throng
