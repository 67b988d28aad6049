#include "weights/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/text.h"
#include "weights/scratch.h"

namespace throng {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kMost = ~std::uint64_t{0};

TEST(InputFile, GivesRegionsAndNothingOutside) {
  const ScratchFolder folder;
  const InputFile file(folder.write("ten", "0123456789"));
  EXPECT_EQ(file.size(), 10U);
  EXPECT_EQ(file.read(FileRegion{3, 4}), "3456");
  EXPECT_EQ(file.read(FileRegion{10, 0}), "");
  EXPECT_EQ(file.head(4), "0123");
  EXPECT_EQ(file.head(400), "0123456789");
  EXPECT_TRUE(file.contains({0, 10}));
  EXPECT_FALSE(file.contains({1, 10}));
  EXPECT_FALSE(file.contains({11, 0}));
  EXPECT_FALSE(file.contains({5, kMost})) << "their sum overflows";
  EXPECT_FALSE(file.contains({kMost, 2}));
  EXPECT_THAT(error_of([&] { file.read(FileRegion{8, kMost - 3}); }), HasSubstr("the file ends at 10"));
}

TEST(InputFile, IsARegularFile) {
  const ScratchFolder folder;
  EXPECT_THAT(error_of([&] { InputFile file(folder.path()); }), HasSubstr("not a regular file"));
  EXPECT_THAT(error_of([&] { InputFile file(folder.path() / "none"); }), HasSubstr("No such file"));
}

TEST(ByteReader, ReadsAcrossItsBuffer) {
  // 200 kB of numbers: more than three buffers.
  std::string bytes;
  constexpr int kNumbers = 50'000;
  for (int i = 0; i < kNumbers; ++i) bytes += little_endian(static_cast<std::uint64_t>(i) * 2654435761U, 4);
  const ScratchFolder folder;
  const InputFile file(folder.write("numbers", bytes));
  ByteReader in(file, {2, bytes.size() - 2});
  EXPECT_EQ(in.bytes(2), bytes.substr(2, 2));
  for (int i = 1; i < kNumbers; ++i) {
    ASSERT_EQ(in.little_endian(4), (static_cast<std::uint64_t>(i) * 2654435761U) & 0xffffffff) << i;
  }
  EXPECT_EQ(in.left(), 0U);
  EXPECT_EQ(in.position(), bytes.size());
  EXPECT_THAT(error_of([&] { in.byte(); }), HasSubstr("ends too early"));

  ByteReader again(file, {0, 150'000});
  again.byte();
  EXPECT_EQ(again.bytes(100'000), bytes.substr(1, 100'000)) << "longer than the buffer";
  again.skip(9);
  EXPECT_EQ(again.byte(), static_cast<std::uint8_t>(bytes[100'010]));
  EXPECT_THAT(error_of([&] { again.skip(kMost); }), HasSubstr("ends too early"));
  EXPECT_THAT(error_of([&] { again.bytes(kMost); }), HasSubstr("ends too early"));
}

TEST(ByteReader, ReadsLinesUpToALimit) {
  const ScratchFolder folder;
  const InputFile file(folder.write("lines", "first\n\nthird line"));
  ByteReader in(file, {0, file.size()});
  EXPECT_EQ(in.line(5), "first");
  EXPECT_EQ(in.line(5), "");
  EXPECT_THAT(error_of([&] { in.line(5); }), HasSubstr("more than 5 bytes"));
  EXPECT_THAT(error_of([&] { ByteReader(file, {3, file.size()}); }), HasSubstr("beyond its end"));
}

TEST(QuotedName, IsHarmlessInATerminal) {
  EXPECT_EQ(quoted_name("conv.weight"), "'conv.weight'");
  EXPECT_EQ(quoted_name("\x1b[31m\n\x7f\xc3"), "'?[31m?\?\?'");
  EXPECT_EQ(quoted_name(std::string(101, 'a')), text("'", std::string(100, 'a'), "...'"));
}

}  // namespace
}  // namespace throng
