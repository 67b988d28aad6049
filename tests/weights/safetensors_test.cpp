#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <limits>

#include "core/file.h"
#include "weights/scratch.h"
#include "weights/tensor_file.h"

namespace throng {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string with_header(const std::string& header, const std::string& data) {
  return little_endian(header.size(), 8) + header + data;
}

std::string bytes_of(const TensorFile& file) {
  const ScratchFolder scratch;
  write_safetensors(file, scratch.path() / "x");
  return read_text_file(scratch.path() / "x");
}

at::Tensor tensor_of(const std::vector<float>& values) { return at::tensor(values); }

TEST(Safetensors, WritesTheBytesOfTheFormat) {
  TensorFile file;
  file.tensors["b"] = tensor_of({1, -2}).reshape({2, 1});
  file.tensors["a"] = at::tensor({7, -1}, at::kChar);
  file.metadata = {{"name", "small"}, {"best", "\"quoted\""}};
  std::string header =
      R"({"__metadata__":{"best":"\"quoted\"","name":"small"},)"
      R"("a":{"dtype":"I8","shape":[2],"data_offsets":[8,10]},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::string data("\0\0\x80\x3f\0\0\0\xc0\x07\xff", 10);
  EXPECT_EQ(bytes_of(file), with_header(header, data));
}

// Weights lie channels last in training; a file does not.
TEST(Safetensors, WritesRowMajorWhateverTheLayout) {
  TensorFile plain, other;
  plain.tensors["a"] = at::arange(48, at::kFloat).reshape({2, 3, 4, 2});
  plain.tensors["b"] = at::arange(6, at::kInt).reshape({2, 3});
  other.tensors["a"] = plain.tensors["a"].contiguous(at::MemoryFormat::ChannelsLast);
  other.tensors["b"] = plain.tensors["b"].t().contiguous().t();
  EXPECT_FALSE(other.tensors["a"].is_contiguous() || other.tensors["b"].is_contiguous());
  EXPECT_EQ(bytes_of(other), bytes_of(plain));
}

TEST(Safetensors, AnEmptyFileIsWrittenAndRead) {
  EXPECT_EQ(bytes_of({}), with_header("{}      ", ""));
  const ScratchFolder scratch;
  const TensorFile file = read_safetensors(scratch.write("x", with_header("{}", "")));
  EXPECT_TRUE(file.tensors.empty());
  EXPECT_TRUE(file.metadata.empty());
}

TEST(Safetensors, EveryTypeAndShapeComesBack) {
  TensorFile file;
  const at::Tensor numbers = at::arange(-3, 4, at::kFloat);
  for (const at::ScalarType type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kShort,
                                    at::kChar, at::kByte, at::kBool}) {
    file.tensors[std::string("type ") + c10::toString(type)] = numbers.clamp_min(type == at::kByte ? 0 : -3).to(type);
  }
  file.tensors["scalar"] = at::scalar_tensor(2.5, at::kFloat);
  file.tensors["empty"] = at::zeros({3, 0, 2});
  file.tensors["not a number"] = tensor_of({std::numeric_limits<float>::quiet_NaN(), 1});
  file.tensors["transposed"] = at::arange(6, at::kFloat).reshape({2, 3}).t();
  file.tensors["gr\xc3\xbc\xc3\x9f"] = tensor_of({1});
  file.metadata["config"] = "{\"levels\": [[1, 2]]}\n";
  const ScratchFolder scratch;
  write_safetensors(file, scratch.path() / "all.safetensors");
  const TensorFile read = read_tensor_file(scratch.path() / "all.safetensors");
  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    const at::Tensor& back = read.tensors.at(name);
    EXPECT_EQ(back.scalar_type(), tensor.scalar_type()) << name;
    EXPECT_EQ(back.sizes(), tensor.sizes()) << name;
    EXPECT_TRUE(back.is_contiguous()) << name;
    const at::Tensor dense = tensor.contiguous();
    if (dense.nbytes() == 0) continue;  // there is no memory to compare
    EXPECT_EQ(std::memcmp(back.data_ptr(), dense.data_ptr(), dense.nbytes()), 0) << name;
  }
  EXPECT_EQ(bytes_of(read), bytes_of(file));
}

TEST(Safetensors, MetadataAloneIsReadWithTheSameChecks) {
  const ScratchFolder scratch;
  const std::string header = R"({"__metadata__":{"name":"x"},"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  const auto metadata = read_safetensors_metadata(scratch.write("good", with_header(header, std::string(8, '\0'))));
  EXPECT_THAT(metadata, ElementsAre(testing::Pair("name", "x")));
  EXPECT_THAT(error_of([&] { read_safetensors_metadata(scratch.write("cut", with_header(header, ""))); }),
              AllOf(HasSubstr("cut"), HasSubstr("take 8 bytes and 0 follow")));
}

TEST(Safetensors, TensorsBeginAtMultiplesOfTheirElementSize) {
  TensorFile file;
  file.tensors["a"] = at::zeros({3}, at::kByte);
  file.tensors["b"] = at::zeros({3}, at::kHalf);
  file.tensors["c"] = at::zeros({1}, at::kDouble);
  EXPECT_THAT(bytes_of(file), HasSubstr(R"("a":{"dtype":"U8","shape":[3],"data_offsets":[14,17]})"));
  EXPECT_THAT(bytes_of(file), HasSubstr(R"("b":{"dtype":"F16","shape":[3],"data_offsets":[8,14]})"));
}

TEST(Safetensors, WhatHasNoPlaceInTheFormatIsNotWritten) {
  const ScratchFolder scratch;
  const auto path = scratch.write("old.safetensors", "as it was");
  const auto error = [&](const std::string& name, const at::Tensor& tensor) {
    TensorFile file;
    file.tensors[name] = tensor;
    return error_of([&] { write_safetensors(file, path); }, ErrorKind::failure);
  };
  EXPECT_THAT(error("z", at::zeros({1}, at::kComplexFloat)), HasSubstr("'z'"));
  EXPECT_THAT(error("s", at::zeros({2, 2}).to_sparse()), HasSubstr("'s'"));
  EXPECT_THAT(error("u", at::Tensor()), HasSubstr("'u'"));
  EXPECT_THAT(error("__metadata__", at::zeros({1})), HasSubstr("__metadata__"));
  EXPECT_THAT(error("\xff", at::zeros({1})), HasSubstr("UTF-8"));
  EXPECT_EQ(read_text_file(path), "as it was");
}

TEST(Safetensors, HeadersThatLieAreErrors) {
  const ScratchFolder scratch;
  const std::string eight(8, '\0');
  const auto error = [&](const std::string& header, const std::string& data) {
    return error_of([&] { read_safetensors(scratch.write("x", with_header(header, data))); });
  };
  const auto entry = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return R"({"t":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  EXPECT_THAT(error(entry("F32", "[2]", "[0,8]"), ""), HasSubstr("take 8 bytes and 0 follow"));
  EXPECT_THAT(error(entry("F32", "[2]", "[0,8]"), eight + "x"), HasSubstr("take 8 bytes and 9 follow"));
  EXPECT_THAT(error(entry("F32", "[3]", "[0,8]"), eight), HasSubstr("needs 12 bytes"));
  EXPECT_THAT(error(entry("F32", "[2]", "[8,0]"), eight), HasSubstr("data_offsets"));
  EXPECT_THAT(error(entry("F32", "[2]", "[0,8,8]"), eight), HasSubstr("data_offsets"));
  EXPECT_THAT(error(entry("F32", "[2]", "[]"), eight), HasSubstr("data_offsets"));
  EXPECT_THAT(error(entry("F32", "[1]", "[4,8]"), eight), HasSubstr("begins at byte 4"));
  EXPECT_THAT(error(entry("F32", "[-2]", "[0,8]"), eight), HasSubstr("negative"));
  EXPECT_THAT(error(entry("F32", "[2.0]", "[0,8]"), eight), HasSubstr("not whole"));
  EXPECT_THAT(error(entry("F32", "[99999999999999999999999]", "[0,8]"), eight), HasSubstr("huge"));
  EXPECT_THAT(error(entry("F32", "[18446744073709551615]", "[0,8]"), eight), HasSubstr("huge"));
  EXPECT_THAT(error(entry("F32", "[4611686018427387904,4]", "[0,0]"), ""), HasSubstr("impossible shape"));
  EXPECT_THAT(error(entry("F32", "[0,4611686018427387904,4]", "[0,0]"), ""), HasSubstr("impossible shape"));
  EXPECT_THAT(error(entry("F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]", "[0,8]"), eight), HasSubstr("16 dimensions"));
  EXPECT_THAT(error(entry("F32", "[[2]]", "[0,8]"), eight), HasSubstr("a list"));
  EXPECT_THAT(error(entry("F32", R"("2")", "[0,8]"), eight), HasSubstr("a string"));
  EXPECT_THAT(error(entry("F8_E4M3", "[8]", "[0,8]"), eight), HasSubstr("'F8_E4M3'"));
  EXPECT_THAT(error(entry("BOOL", "[8]", "[0,8]"), "\2" + eight.substr(1)), HasSubstr("bool"));
  EXPECT_THAT(error(R"({"t":{"dtype":"F32","shape":[2]}})", eight), HasSubstr("lacks"));
  EXPECT_THAT(error(R"({"t":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})", eight),
              HasSubstr("twice"));
  EXPECT_THAT(error(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}})", eight), HasSubstr("'more'"));
  EXPECT_THAT(error(R"({"t":5})", ""), HasSubstr("a number"));
  EXPECT_THAT(error(R"({"t":{"dtype":{}}})", ""), HasSubstr("an object"));
  EXPECT_THAT(error(R"({"__metadata__":{"a":{}}})", ""), HasSubstr("an object"));
  EXPECT_THAT(error(R"({"__metadata__":{"a":1}})", ""), HasSubstr("a number"));
  EXPECT_THAT(error(R"({"__metadata__":{"a":null}})", ""), HasSubstr("null"));
  EXPECT_THAT(error(R"({"__metadata__":{"a":"1","a":"2"}})", ""), HasSubstr("twice"));
  EXPECT_THAT(error(R"({"__metadata__":"a"})", ""), HasSubstr("a string"));
  EXPECT_THAT(error("[1]", ""), HasSubstr("a list"));
  EXPECT_THAT(error("true", ""), HasSubstr("a truth value"));
  EXPECT_THAT(error("{\"t\":", ""), HasSubstr("not valid JSON"));
  EXPECT_THAT(error("{}{}", ""), HasSubstr("not valid JSON"));
  EXPECT_THAT(error("{\"\xff\":{}}", ""), HasSubstr("not valid JSON"));
  EXPECT_THAT(error("", ""), HasSubstr("not valid JSON"));
  EXPECT_THAT(error(std::string(1'000'000, '['), ""), HasSubstr("a list"));
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += R"({"a":)";
  EXPECT_THAT(error(deep, ""), HasSubstr("unknown key 'a'"));
}

TEST(Safetensors, OverlapsHolesAndDuplicatesAreErrors) {
  const ScratchFolder scratch;
  const auto two = [&](const std::string& name, const std::string& offsets) {
    const std::string header = R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},")" + name +
                               R"(":{"dtype":"U8","shape":[4],"data_offsets":)" + offsets + "}}";
    return scratch.write("x", with_header(header, "01234567"));
  };
  const TensorFile good = read_safetensors(two("b", "[4,8]"));
  EXPECT_EQ(good.tensors.at("b")[0].item<int>(), '4');
  EXPECT_THAT(error_of([&] { read_safetensors(two("b", "[2,6]")); }), HasSubstr("'b' begins at byte 2"));
  EXPECT_THAT(error_of([&] { read_safetensors(two("b", "[0,4]")); }), HasSubstr("begins at byte 0"));
  EXPECT_THAT(error_of([&] { read_safetensors(two("b", "[5,9]")); }), HasSubstr("begins at byte 5"));
  EXPECT_THAT(error_of([&] { read_safetensors(two("a", "[4,8]")); }),
              HasSubstr("'a' of the safetensors header is in the header twice"));
}

TEST(Safetensors, TheHeaderMustFitIntoTheFile) {
  const ScratchFolder scratch;
  const auto error = [&](const std::string& bytes) {
    return error_of([&] { read_safetensors(scratch.write("x", bytes)); });
  };
  EXPECT_THAT(error(""), HasSubstr("too short"));
  EXPECT_THAT(error("1234567"), HasSubstr("too short"));
  EXPECT_THAT(error(little_endian(3, 8) + "{}"), HasSubstr("a length of 3 bytes, and 2 follow"));
  EXPECT_THAT(error(std::string(8, '\xff') + "{}"), HasSubstr("18446744073709551615"));
  EXPECT_THAT(error_of([&] { read_safetensors(scratch.path() / "none"); }), HasSubstr("cannot be opened"));
  EXPECT_THAT(error_of([&] { read_safetensors(scratch.path()); }), HasSubstr("not a regular file"));
}

/// Whatever a flipped bit does, the reader throws Error or returns tensors that can be used.
TEST(Safetensors, BitFlipsAndTruncationDoNoHarm) {
  TensorFile file;
  file.tensors["weight"] = tensor_of({1, 2, 3, 4, 5, 6}).reshape({2, 3});
  file.tensors["flags"] = at::tensor({1, 0, 1}, at::kInt).to(at::kBool);
  file.metadata["name"] = "x";
  const std::string good = bytes_of(file);
  const ScratchFolder scratch;
  for (std::size_t length = 0; length < good.size(); ++length) {
    error_of([&] { read_safetensors(scratch.write("cut", good.substr(0, length))); });
  }
  int refused = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; bit += 3) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto path = scratch.write("flipped", flipped);
    try {
      for (const auto& [name, tensor] : read_safetensors(path).tensors) {
        EXPECT_LE(tensor.nbytes(), good.size()) << name;
        EXPECT_EQ(tensor.to(at::kDouble).numel(), tensor.numel());
      }
    } catch (const Error& error) {
      ++refused;
      EXPECT_EQ(error.kind(), ErrorKind::model) << error.what();
    }
  }
  EXPECT_GT(refused, static_cast<int>(good.size() / 3));
}

}  // namespace
}  // namespace throng
