#include "weights/element_type.h"

#include <ATen/Functions.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "weights/scratch.h"

namespace throng {
namespace {

using testing::HasSubstr;

TEST(ElementType, HasTheSameNamesAndSizesEverywhere) {
  const std::vector<std::pair<std::string, at::ScalarType>> types{
      {"F64", at::kDouble}, {"F32", at::kFloat}, {"F16", at::kHalf}, {"BF16", at::kBFloat16}, {"I64", at::kLong},
      {"I32", at::kInt},    {"I16", at::kShort}, {"I8", at::kChar},  {"U8", at::kByte},       {"BOOL", at::kBool}};
  for (const auto& [name, type] : types) {
    const ElementType* found = element_type_of_safetensors(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(found->type, type) << name;
    EXPECT_EQ(found->bytes, c10::elementSize(type)) << name;
    EXPECT_EQ(element_type_of(type), found) << name;
    EXPECT_EQ(element_type_of_storage(found->storage), found) << name;
  }
  EXPECT_EQ(element_type_of_safetensors("F8_E4M3"), nullptr);
  EXPECT_EQ(element_type_of_storage("ComplexFloatStorage"), nullptr);
  EXPECT_EQ(element_type_of(at::kComplexFloat), nullptr);
}

TEST(CheckedBytes, KnowsWhatDoesNotFit) {
  std::uint64_t bytes = 0;
  EXPECT_TRUE(checked_bytes({2, 3, 5}, 4, bytes));
  EXPECT_EQ(bytes, 120U);
  EXPECT_TRUE(checked_bytes({}, 8, bytes));
  EXPECT_EQ(bytes, 8U);
  EXPECT_TRUE(checked_bytes({7, 0, 3}, 4, bytes));
  EXPECT_EQ(bytes, 0U);
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  EXPECT_FALSE(checked_bytes({kHuge}, 2, bytes));
  EXPECT_FALSE(checked_bytes({kHuge, 0}, 2, bytes)) << "strides would overflow";
  EXPECT_FALSE(checked_bytes({-1}, 4, bytes));
}

TEST(ReadElements, TakesTheBytesAsTheyStand) {
  const ScratchFolder folder;
  const InputFile file(folder.write("bytes", "xx" + little_endian(0x3fc00000, 4) + little_endian(0xc0000000, 4)));
  const at::Tensor tensor = read_elements(file, 2, {2, 1}, *element_type_of_safetensors("F32"), "a");
  EXPECT_EQ(tensor.sizes(), (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(tensor[0][0].item<float>(), 1.5F);
  EXPECT_EQ(tensor[1][0].item<float>(), -2.0F);
  EXPECT_THAT(error_of([&] { read_elements(file, 2, {3}, *element_type_of_safetensors("F32"), "a"); }),
              HasSubstr("'a' reaches beyond the end"));
  EXPECT_THAT(error_of([&] { read_elements(file, 0, {2}, *element_type_of_safetensors("BOOL"), "b"); }),
              HasSubstr("bytes other than 0 and 1"));
}

TEST(WithoutTorchErrors, NamesTheFileAndKeepsOurOwn) {
  EXPECT_THAT(
      error_of([] { without_torch_errors("a.pth", ErrorKind::model, [] { return at::zeros({2}).reshape({3}); }); }),
      HasSubstr("a.pth: "));
  EXPECT_THAT(error_of([] { without_torch_errors("a.pth", ErrorKind::model, []() -> int { throw std::bad_alloc(); }); },
                       ErrorKind::failure),
              HasSubstr("not enough memory"));
  EXPECT_EQ(error_of([] {
              without_torch_errors("a.pth", ErrorKind::model, []() -> int { throw Error(ErrorKind::model, "own"); });
            }),
            "own");
}

}  // namespace
}  // namespace throng
