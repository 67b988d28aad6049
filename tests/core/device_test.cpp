#include "core/device.h"

#include <gtest/gtest.h>

#include "expect_error.h"

namespace throng {
namespace {

TEST(Device, ReadsWhatItWrites) {
  for (const std::string word : {"auto", "cpu", "cuda:0", "cuda:7"}) EXPECT_EQ(to_string(parse_device(word)), word);
  EXPECT_EQ(parse_device("cuda"), (Device{Device::Kind::cuda, 0}));
  EXPECT_EQ(parse_device("cuda:12"), (Device{Device::Kind::cuda, 12}));
}

TEST(Device, RefusesOtherWords) {
  for (const std::string word :
       {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:x", "cuda:1x", "cuda:99999999999", "cuda1"}) {
    expect_error(ErrorKind::usage, {"'" + word + "'", "auto", "cpu", "cuda:N"}, [&] { parse_device(word); });
  }
}

TEST(Precision, ReadsWhatItWrites) {
  for (const std::string word : {"auto", "fp32", "bf16", "fp16", "int8"})
    EXPECT_EQ(to_string(parse_precision(word)), word);
}

TEST(Precision, RefusesOtherWords) {
  for (const std::string word : {"", "half", "float", "FP32"}) {
    expect_error(ErrorKind::usage, {"'" + word + "'", "fp32", "bf16"}, [&] { parse_precision(word); });
  }
}

}  // namespace
}  // namespace throng
