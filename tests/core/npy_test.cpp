#include "core/npy.h"

#include <cstring>
#include <string>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

/// What numpy.save (2.4) writes in front of the data of a float32 array of this shape.
std::string numpy_header(const std::string& shape) {
  std::string header = std::string("\x93NUMPY\x01\x00\x76\x00", 10) +
                       "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(127, ' ');
  return header + "\n";
}

TEST(Npy, WritesTheBytesThatNumpyWrites) {
  const TemporaryFolder folder;
  const std::vector<float> values = {0, 1, 2, 3, 4, 5.5};
  write_npy(folder / "a.npy", values, 2, 3);
  const std::string file = read_text_file(folder / "a.npy");
  ASSERT_EQ(file.size(), 128u + 24u);
  EXPECT_EQ(file.substr(0, 128), numpy_header("(2, 3)"));
  std::vector<float> read(6);
  std::memcpy(read.data(), file.data() + 128, 24);
  EXPECT_EQ(read, values);
  EXPECT_EQ(file.substr(148), std::string("\x00\x00\xB0\x40", 4));  // 5.5 as a little-endian float32
}

TEST(Npy, LargeShapesKeepTheDataAligned) {
  const TemporaryFolder folder;
  write_npy(folder / "wide.npy", std::vector<float>(123456), 1, 123456);
  const std::string file = read_text_file(folder / "wide.npy");
  EXPECT_EQ(file.substr(0, 128), numpy_header("(1, 123456)"));
  EXPECT_EQ(file.size(), 128u + 4u * 123456u);
  write_npy(folder / "none.npy", {}, 0, 7);
  EXPECT_EQ(read_text_file(folder / "none.npy"), numpy_header("(0, 7)"));
}

TEST(Npy, ValuesThatDoNotFitTheShapeAreAnErrorAndLeaveNoFile) {
  const TemporaryFolder folder;
  const std::vector<float> values(5);
  expect_error(ErrorKind::failure, {"bad.npy", "5 values", "2 rows of 3"},
               [&] { write_npy(folder / "bad.npy", values, 2, 3); });
  expect_error(ErrorKind::failure, {"bad.npy"}, [&] { write_npy(folder / "bad.npy", {}, -1, 0); });
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  expect_error(ErrorKind::failure, {"missing"}, [&] { write_npy(folder / "missing" / "a.npy", values, 1, 5); });
}

}  // namespace
}  // namespace throng
