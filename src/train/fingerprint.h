#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/device.h"
#include "train/config.h"

namespace throng {

/// What a run must share with the one that wrote a checkpoint to give the same bits.
struct Fingerprint {
  std::int64_t threads = 0;
  std::string cpu;                        ///< torch's own kernels: "AVX512"
  std::vector<std::string> cpu_features;  ///< what oneDNN's kernels depend on: "amx_bf16", "avx512_bf16", ... sorted
  std::string torch;
  std::string device;     ///< "cpu" or "cuda", never "auto"
  std::string precision;  ///< "fp32" or "bf16", never "auto"
  std::string config_sha256;
  std::string data_sha256;
};

/// The fingerprint of this process.
Fingerprint make_fingerprint(const ExperimentConfig& config, const std::string& data_sha256, const at::Device& device,
                             Precision precision);

Json to_json(const Fingerprint& fingerprint);

/// What keeps a resumed run from the bits of one that was not stopped, as sentences: what of the checkpoint's
/// fingerprint `then` is different `now`, with the changed keys of the configuration (those of `config` against the
/// run's config.toml), and what the checkpoint does not record. Empty when nothing does.
std::vector<std::string> resume_warnings(const Json& then, const Fingerprint& now,
                                         const std::filesystem::path& config_file, const ExperimentConfig& config);

}  // namespace throng
