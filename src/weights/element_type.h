#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.h"
#include "throng/error.h"
#include "weights/input_file.h"

namespace throng {

/// A type of tensor elements, as each format names it.
struct ElementType {
  at::ScalarType type;
  std::string_view safetensors;  ///< "F32"
  std::string_view storage;      ///< "FloatStorage", in module torch
  std::uint64_t bytes;
};

/// nullptr when the name is not known.
const ElementType* element_type_of_safetensors(std::string_view name);
const ElementType* element_type_of_storage(std::string_view name);
const ElementType* element_type_of(at::ScalarType type);

/// More dimensions than any weight has.
inline constexpr std::size_t kMaxDimensions = 16;

/// The number of bytes of a dense tensor; false when a size is negative or the number does not fit in 63 bits. Sizes of
/// zero count as one, so that strides cannot overflow either.
bool checked_bytes(const std::vector<std::int64_t>& sizes, std::uint64_t element_bytes, std::uint64_t& bytes);

/// A new tensor filled from the file; the region's length must be that of the tensor. Bytes of a bool tensor that are
/// neither 0 nor 1 are an error. `name` is for the message.
at::Tensor read_elements(const InputFile& file, std::uint64_t offset, const std::vector<std::int64_t>& sizes,
                         const ElementType& type, std::string_view name);

/// Runs `work` and turns libtorch's exceptions and lack of memory into Error that names the file.
template <class Work>
auto without_torch_errors(const std::filesystem::path& path, ErrorKind kind, Work&& work) {
  try {
    return work();
  } catch (const c10::Error& error) {
    throw Error(kind, text(path.string(), ": ", error.what_without_backtrace()));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::failure, text(path.string(), ": not enough memory for its tensors"));
  }
}

}  // namespace throng
