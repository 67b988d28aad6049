#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "weights/element_type.h"
#include "weights/input_file.h"
#include "weights/pickle.h"

namespace throng {

/// Where each storage lies in the file, by its key.
using StorageRegions = std::map<std::string, FileRegion>;

/// A storage as the pickle describes it; numbers in elements.
struct StorageDescription {
  std::string key;
  const ElementType* type = nullptr;
  std::int64_t length = 0;
  std::int64_t view_offset = 0;  ///< files from before 2018 may refer to a part of a storage
  std::int64_t view_length = 0;
};

/// Throws Error(model) for an unknown class, and for lengths and views that cannot be.
StorageDescription describe_storage(const InputFile& file, const Pickle& pickle, const PickleObject& storage);

/// Makes tensors of what a pickle describes. Each storage is read once, and only when a tensor needs it.
class TensorBuilder {
 public:
  TensorBuilder(const InputFile& file, const Pickle& pickle, const StorageRegions& regions)
      : file_(file), pickle_(pickle), regions_(regions) {}

  /// A dense tensor. Throws Error(model), with `name` in it, for one that reaches outside its storage, and for storages
  /// and views that together take far more memory than the file has bytes.
  at::Tensor build(const PickleObject& tensor, std::string_view name);

 private:
  const at::Tensor& load(const StorageDescription& storage, std::string_view name);
  void charge(std::uint64_t bytes, std::string_view name);

  const InputFile& file_;
  const Pickle& pickle_;
  const StorageRegions& regions_;
  std::map<std::string, at::Tensor> storages_;
  std::uint64_t charged_ = 0;
};

}  // namespace throng
