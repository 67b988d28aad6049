#include "weights/pickled_tensor.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/text.h"

namespace throng {

namespace {

using Kind = PickleObject::Kind;

// What a file may take beyond its own size: a tensor that was expanded before it was saved is larger than its storage.
constexpr std::uint64_t kAllowance = 16 << 20;

std::vector<std::int64_t> integers(const InputFile& file, const Pickle& pickle, const PickleObject& tuple,
                                   std::string_view name) {
  std::vector<std::int64_t> out;
  if (tuple.items.size() > kMaxDimensions) {
    file.fail(text("tensor ", quoted_name(name), " has ", tuple.items.size(), " dimensions"));
  }
  for (const std::uint32_t item : tuple.items) {
    if (pickle[item].kind != Kind::integer || pickle[item].integer < 0) {
      file.fail(text("tensor ", quoted_name(name), " has a size or a stride that is not a natural number"));
    }
    out.push_back(pickle[item].integer);
  }
  return out;
}

/// Where a strided tensor ends in its storage, in elements; none when the number overflows.
std::optional<std::int64_t> strided_end(std::int64_t offset, const std::vector<std::int64_t>& sizes,
                                        const std::vector<std::int64_t>& strides) {
  std::int64_t end = offset;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return offset;
    std::int64_t step = 0;
    if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &step) || __builtin_add_overflow(end, step, &end)) return {};
  }
  if (__builtin_add_overflow(end, 1, &end)) return {};
  return end;
}

}  // namespace

StorageDescription describe_storage(const InputFile& file, const Pickle& pickle, const PickleObject& storage) {
  StorageDescription out;
  out.key = pickle[storage.items[2]].text;
  std::string_view type = pickle[storage.items[1]].text;
  type.remove_prefix(std::min(type.size(), std::string_view("torch.").size()));
  out.type = element_type_of_storage(type);
  if (out.type == nullptr) file.fail(text("storage ", quoted_name(out.key), " is of class ", quoted_name(type)));
  out.length = out.view_length = pickle[storage.items[4]].integer;
  if (out.length < 0) file.fail(text("storage ", quoted_name(out.key), " has a negative length"));
  if (storage.items.size() < 6 || pickle[storage.items[5]].kind == Kind::none) return out;

  const PickleObject& view = pickle[storage.items[5]];
  const bool complete = view.kind == Kind::tuple && view.items.size() == 3 &&
                        pickle[view.items[1]].kind == Kind::integer && pickle[view.items[2]].kind == Kind::integer;
  if (!complete) file.fail(text("the view of storage ", quoted_name(out.key), " is not described as it should be"));
  out.view_offset = pickle[view.items[1]].integer;
  out.view_length = pickle[view.items[2]].integer;
  if (out.view_offset < 0 || out.view_length < 0 || out.view_offset > out.length ||
      out.view_length > out.length - out.view_offset) {
    file.fail(text("a view of storage ", quoted_name(out.key), " reaches beyond its end"));
  }
  return out;
}

at::Tensor TensorBuilder::build(const PickleObject& tensor, std::string_view name) {
  const StorageDescription storage = describe_storage(file_, pickle_, pickle_[tensor.items[0]]);
  const std::int64_t offset = pickle_[tensor.items[1]].integer;
  const std::vector<std::int64_t> sizes = integers(file_, pickle_, pickle_[tensor.items[2]], name);
  const std::vector<std::int64_t> strides = integers(file_, pickle_, pickle_[tensor.items[3]], name);
  std::uint64_t bytes = 0;
  if (offset < 0 || strides.size() != sizes.size() || !checked_bytes(sizes, storage.type->bytes, bytes)) {
    file_.fail(text("tensor ", quoted_name(name), " has impossible sizes, strides or offset"));
  }
  const std::optional<std::int64_t> end = strided_end(offset, sizes, strides);
  if (!end || *end > storage.view_length) {
    file_.fail(text("tensor ", quoted_name(name), " reaches beyond the end of its storage of ", storage.view_length,
                    " elements"));
  }
  const at::Tensor view = load(storage, name).as_strided(sizes, strides, storage.view_offset + offset);
  if (!view.is_contiguous()) charge(bytes, name);
  return view.contiguous();
}

const at::Tensor& TensorBuilder::load(const StorageDescription& storage, std::string_view name) {
  const auto loaded = storages_.find(storage.key);
  if (loaded != storages_.end()) {
    if (loaded->second.scalar_type() != storage.type->type || loaded->second.numel() != storage.length) {
      file_.fail(text("storage ", quoted_name(storage.key), " is described in two ways"));
    }
    return loaded->second;
  }
  const auto region = regions_.find(storage.key);
  if (region == regions_.end()) {
    file_.fail(text("the storage ", quoted_name(storage.key), " of tensor ", quoted_name(name), " is not in the file"));
  }
  std::uint64_t bytes = 0;
  if (!checked_bytes({storage.length}, storage.type->bytes, bytes) || bytes != region->second.bytes) {
    file_.fail(text("the storage ", quoted_name(storage.key), " of tensor ", quoted_name(name), " should hold ",
                    storage.length, " elements of type ", storage.type->safetensors, " and has ", region->second.bytes,
                    " bytes"));
  }
  charge(bytes, name);
  at::Tensor tensor = read_elements(file_, region->second.offset, {storage.length}, *storage.type, name);
  return storages_.emplace(storage.key, std::move(tensor)).first->second;
}

/// Storages that lie over each other and views that repeat elements could make a small file fill the memory: what is
/// read, and what is copied, may each be as large as the file, with some allowance.
void TensorBuilder::charge(std::uint64_t bytes, std::string_view name) {
  if (bytes > 2 * file_.size() + kAllowance - charged_) {
    file_.fail(
        text("the tensors up to ", quoted_name(name), " are larger than the file; it is damaged or was made to harm"));
  }
  charged_ += bytes;
}

}  // namespace throng
