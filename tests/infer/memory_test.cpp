#include "infer/memory.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <fstream>
#include <string>

#include "infer/predict.h"
#include "infer/prepare.h"
#include "infer/tiny_model.h"

namespace throng {

namespace {

constexpr std::int64_t kMib = 1024 * 1024;

TEST(PeakAllocation, IsTheMostThatLivesAtOnce) {
  const auto floats = [](std::int64_t count) { return at::empty({count}, at::TensorOptions().dtype(at::kFloat)); };
  const at::Tensor before = floats(1000);
  const std::int64_t peak = peak_allocation([&] {
    at::Tensor first = floats(1 << 20);
    at::Tensor second = floats(1 << 18);
    first = at::Tensor();
    at::Tensor third = floats(1 << 19);
  });
  // first and second: 4 MiB + 1 MiB; then second and third: 1 MiB + 2 MiB.
  EXPECT_EQ(peak, 5 * kMib);
}

/// A number of kB in /proc/self/status, in bytes.
std::int64_t status_bytes(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(key)) return std::stoll(line.substr(key.size() + 1)) * 1024;
  }
  return 0;
}

bool forget_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << 5 << std::flush;
  return file.good() && status_bytes("VmHWM") < status_bytes("VmRSS") + 4 * kMib;
}

class MemoryEstimateTest : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Encoders, MemoryEstimateTest, testing::Values("resnet18", "vgg16_bn"));

TEST_P(MemoryEstimateTest, CoversWhatAForwardPassTakes) {
  LoadedModel model = tiny_model(GetParam());
  const PreparedNet net = prepare(std::move(model.net), Precision::fp32);
  constexpr int kWidth = 1000, kHeight = 700;
  const Image image = noisy_picture(kWidth, kHeight);
  net.forward(noisy_picture(64, 64), {});  // what is set up once
  malloc_trim(0);
  if (!forget_peak()) GTEST_SKIP() << "this kernel does not reset the peak of resident memory";

  const std::int64_t before = status_bytes("VmRSS");
  net.forward(image, {});
  const std::int64_t taken = status_bytes("VmHWM") - before;
  const std::int64_t estimated = net.memory(kWidth, kHeight);
  RecordProperty("taken_mib", static_cast<int>(taken / kMib));
  RecordProperty("estimated_mib", static_cast<int>(estimated / kMib));
  EXPECT_GT(taken, 50 * kMib);
  EXPECT_GE(estimated, taken);
  EXPECT_LE(estimated, 2 * taken);
}

// Of the features only some rows are held; the maps of a quarter of the side are held whole.
TEST(MemoryEstimate, GrowsWithTheHeightByTheMapsAlone) {
  const PreparedNet net = prepare(tiny_model().net, Precision::fp32);
  EXPECT_EQ(net.memory(1, 1), net.memory(16, 16));
  const double per_pixel = static_cast<double>(net.memory(4000, 16000) - net.memory(4000, 8000)) / (4000.0 * 8000);
  EXPECT_LT(per_pixel, 10) << "a cell of 16 pixels has about 20 maps of 4 bytes";
}

}  // namespace

}  // namespace throng
