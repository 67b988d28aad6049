#include "weights/element_type.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace throng {

static_assert(std::endian::native == std::endian::little, "weight files are little-endian and read without conversion");

namespace {

constexpr std::array<ElementType, 10> kTypes{{
    {at::kDouble, "F64", "DoubleStorage", 8},
    {at::kFloat, "F32", "FloatStorage", 4},
    {at::kHalf, "F16", "HalfStorage", 2},
    {at::kBFloat16, "BF16", "BFloat16Storage", 2},
    {at::kLong, "I64", "LongStorage", 8},
    {at::kInt, "I32", "IntStorage", 4},
    {at::kShort, "I16", "ShortStorage", 2},
    {at::kChar, "I8", "CharStorage", 1},
    {at::kByte, "U8", "ByteStorage", 1},
    {at::kBool, "BOOL", "BoolStorage", 1},
}};

template <class Field, class Value>
const ElementType* find_type(Field field, const Value& value) {
  const auto found = std::ranges::find(kTypes, value, field);
  return found == kTypes.end() ? nullptr : &*found;
}

}  // namespace

const ElementType* element_type_of_safetensors(std::string_view name) {
  return find_type(&ElementType::safetensors, name);
}
const ElementType* element_type_of_storage(std::string_view name) { return find_type(&ElementType::storage, name); }
const ElementType* element_type_of(at::ScalarType type) { return find_type(&ElementType::type, type); }

bool checked_bytes(const std::vector<std::int64_t>& sizes, std::uint64_t element_bytes, std::uint64_t& bytes) {
  auto product = static_cast<std::int64_t>(element_bytes);
  bool empty = false;
  for (const std::int64_t size : sizes) {
    if (size < 0) return false;
    empty = empty || size == 0;
    if (__builtin_mul_overflow(product, std::max<std::int64_t>(size, 1), &product)) return false;
  }
  bytes = empty ? 0 : static_cast<std::uint64_t>(product);
  return true;
}

at::Tensor read_elements(const InputFile& file, std::uint64_t offset, const std::vector<std::int64_t>& sizes,
                         const ElementType& type, std::string_view name) {
  std::uint64_t bytes = 0;
  if (!checked_bytes(sizes, type.bytes, bytes) || !file.contains({offset, bytes})) {
    file.fail(text("tensor ", quoted_name(name), " reaches beyond the end of the file"));
  }
  at::Tensor tensor = at::empty(sizes, at::TensorOptions(type.type));
  file.read({offset, bytes}, tensor.data_ptr());
  if (type.type == at::kBool) {
    const auto* values = static_cast<const std::uint8_t*>(tensor.data_ptr());
    if (std::any_of(values, values + bytes, [](std::uint8_t value) { return value > 1; })) {
      file.fail(text("tensor ", quoted_name(name), " is of type bool and holds bytes other than 0 and 1"));
    }
  }
  return tensor;
}

}  // namespace throng
