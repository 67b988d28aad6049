#include "core/checksum.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, AgreesWithTheStandard) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesGiveTheHashOfTheWhole) {
  Sha256 hash;
  hash.add("a");
  hash.add(std::vector<std::uint8_t>{'b'});
  hash.add("");
  hash.add("c");
  EXPECT_EQ(hash.hex(), sha256("abc"));
}

// Longer than the blocks in which files are read; the hash was computed by Python's hashlib.
TEST(Sha256, FileOfSeveralBlocks) {
  const TemporaryFolder folder;
  std::vector<std::uint8_t> bytes(3'000'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
  write_file(folder / "bytes", bytes);
  EXPECT_EQ(sha256_of_file(folder / "bytes"), "4d3870d4655ed773027a713ea136507d22e076248e0e9cc920a996039653b76f");
}

TEST(Sha256, MissingFileIsNamed) {
  expect_error(ErrorKind::input, {"/no/such/file", "No such file"}, [] { sha256_of_file("/no/such/file"); });
}

}  // namespace
}  // namespace throng
