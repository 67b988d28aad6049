#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

namespace throng {

/// Named tensors and one string of metadata: what a weight file of any format holds.
struct TensorFile {
  std::map<std::string, at::Tensor> tensors;  ///< in the file's dtype; read ones are on the CPU, row-major
  std::map<std::string, std::string> metadata;
};

/// safetensors. Reading checks every number of the header against the file's size before it allocates.
/// Throws Error(model) that names the file, the tensor and what is wrong.
TensorFile read_safetensors(const std::filesystem::path& path);
/// The metadata alone, with the same checks; no tensor is read.
std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& path);
/// The bytes depend on tensors and metadata alone (sorted names, no time). Atomic.
void write_safetensors(const TensorFile& file, const std::filesystem::path& path);

/// PyTorch .pth: zip and legacy. Only tensors in dicts are understood (plain, or below 'model', 'state_dict' or
/// similar; a 'module.' in front of every name is dropped). No pickle code is ever run: objects of other classes
/// (arguments, numbers of NumPy, dates) are passed over. Throws Error(model).
TensorFile read_pth(const std::filesystem::path& path);

/// Picks the reader by the file's first bytes.
TensorFile read_tensor_file(const std::filesystem::path& path);

}  // namespace throng
