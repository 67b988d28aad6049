#include "model/limits.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "expect_error.h"

namespace throng {
namespace {

// What model files ask for is in model_file_test.cpp.
TEST(Limits, ThePapersNetworkIsWithinThem) {
  EXPECT_NO_THROW(network_without_memory({}));
  ModelConfig narrow;
  narrow.width = 0.1;
  DensityNet shapes = network_without_memory(narrow), real(narrow);
  EXPECT_EQ(shapes.parameters(), real.parameters());
  for (const NamedTensor& named : shapes.tensors()) EXPECT_TRUE(named.tensor->is_meta()) << named.name;
}

TEST(Limits, NameTheKey) {
  ModelConfig config;
  config.decoder.block2 = {512, 16385};
  expect_error(ErrorKind::usage, {"model.decoder.block2[1] is 16385"}, [&] { check_limits(config); });
  config = {};
  config.attention.assign(65, {3, 8});
  expect_error(ErrorKind::usage, {"model.attention has 65 entries"}, [&] { network_without_memory(config); });
}

TEST(Limits, KernelsAreNoWiderThanPicturesNeed) {
  ModelConfig config;
  config.attention = {{31, 8}};
  EXPECT_NO_THROW(network_without_memory(config));
  config.attention = {{33, 8}};
  expect_error(ErrorKind::usage, {"attention.0", "33 pixels"}, [&] { network_without_memory(config); });
}

}  // namespace
}  // namespace throng
