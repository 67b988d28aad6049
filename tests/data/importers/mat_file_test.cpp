#include "data/importers/mat_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "core/draw.h"
#include "data/folder.h"
#include "data/importers/mat_bytes.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MatFile : public TestFolder {
 protected:
  MatArray location(const std::string& bytes) const {
    return MatArray::read(write("a.mat", bytes), "image_info").first_cell().field("location");
  }
  std::vector<double> numbers(const std::string& bytes) const { return location(bytes).numbers(); }
  std::string problem(const std::string& bytes) const {
    return message_of([&] { numbers(bytes); });
  }
};

std::string with_location(const std::string& value) {
  return mat::file(mat::cell("image_info", mat::structure("location", value)));
}

/// The variable as MATLAB 7 saves it.
std::string compressed(const std::string& variable) {
  uLongf size = compressBound(variable.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(variable.data()),
           variable.size());
  packed.resize(size);
  return mat::bytes<std::uint32_t>({15, static_cast<std::uint32_t>(size)}) + packed;  // without padding
}

TEST_F(MatFile, ReadsDoublesByColumn) {
  const MatArray array = location(mat::annotation(3, {1.5, 2.5, 3.5, 10, 20, -30}));
  EXPECT_EQ(array.rows(), 3);
  EXPECT_EQ(array.columns(), 2);
  EXPECT_THAT(array.numbers(), ElementsAre(1.5, 2.5, 3.5, 10, 20, -30));
}

TEST_F(MatFile, ReadsNumbersOfEveryStoredType) {
  const auto stored = [](mat::Type type, const std::string& data) {
    return with_location(mat::array(mat::kDoubleClass, 1, 2, "", mat::element(type, data)));
  };
  EXPECT_THAT(numbers(stored(mat::kSingle, mat::bytes<float>({0.5F, 8}))), ElementsAre(0.5, 8));
  EXPECT_THAT(numbers(stored(mat::kUint16, mat::bytes<std::uint16_t>({60000, 9}))), ElementsAre(60000, 9));
  EXPECT_THAT(numbers(stored(mat::kInt32, mat::bytes<std::int32_t>({-70000, 9}))), ElementsAre(-70000, 9));
  EXPECT_THAT(numbers(stored(mat::kInt8, "\xff\x02")), ElementsAre(-1, 2));
}

TEST_F(MatFile, ReadsTheShortForm) {
  // Two uint8 in the tag's second word: what MATLAB writes for small whole numbers.
  const std::string data = mat::bytes<std::uint16_t>({2, 2}) + std::string("\x07\x09\0\0", 4);
  EXPECT_THAT(numbers(with_location(mat::array(mat::kDoubleClass, 1, 2, "", data))), ElementsAre(7, 9));
}

TEST_F(MatFile, ReadsCompressedVariablesAmongOthers) {
  const auto other = mat::cell("other", mat::doubles(1, 2, {5, 6}));
  const auto info = mat::cell("image_info", mat::structure("location", mat::doubles(1, 2, {1, 2})));
  EXPECT_THAT(numbers(mat::file(compressed(other) + compressed(info))), ElementsAre(1, 2));
  EXPECT_THAT(numbers(mat::file(other + compressed(info))), ElementsAre(1, 2));
}

TEST_F(MatFile, ReadsEveryCellAndTheFirstOfSeveralNames) {
  const auto bytes =
      mat::file(mat::doubles(1, 1, {5}, "count") +
                mat::array(mat::kCell, 1, 2, "frame", mat::doubles(1, 1, {1}) + mat::doubles(1, 1, {2})));
  const auto path = write("a.mat", bytes);
  const std::vector<MatArray> cells = MatArray::read(path, "frame").cells();
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_THAT(cells[1].numbers(), ElementsAre(2));
  EXPECT_EQ(MatArray::read(path, {"frame", "count"}).name(), "count");
  EXPECT_THAT(message_of([&] { MatArray::read(path, {"x", "y"}); }), HasSubstr("no variable 'x' or 'y'"));
  EXPECT_THAT(message_of([&] { MatArray::read(path, "count").cells(); }), HasSubstr("'count' is no cell array"));
}

TEST_F(MatFile, ReadsTrueAndFalse) {
  const auto path = write("a.mat", mat::file(mat::logicals(2, 1, {1, 0}, "BW")));
  EXPECT_THAT(MatArray::read(path, "BW").numbers(), ElementsAre(1, 0));
}

TEST_F(MatFile, SaysWhatIsMissing) {
  EXPECT_THAT(problem("hello"), AllOf(HasSubstr("a.mat"), HasSubstr("no MATLAB 5 file")));
  EXPECT_THAT(problem(""), HasSubstr("no MATLAB 5 file"));
  EXPECT_THAT(problem("MATLAB 7.3 MAT-file" + std::string(600, ' ')), HasSubstr("-v7"));
  EXPECT_THAT(problem(mat::file(mat::cell("other", mat::doubles(1, 1, {1})))), HasSubstr("no variable 'image_info'"));
  EXPECT_THAT(problem(mat::file("")), HasSubstr("no variable 'image_info'"));
  EXPECT_THAT(problem(mat::file(mat::array(mat::kCell, 0, 0, "image_info", ""))),
              HasSubstr("'image_info' is no cell array"));
  EXPECT_THAT(problem(mat::file(mat::cell("image_info", mat::doubles(1, 1, {1})))), HasSubstr("'location'"));
  EXPECT_THAT(problem(mat::file(mat::cell("image_info", mat::structure("place", mat::doubles(1, 1, {1}))))),
              HasSubstr("no field 'location'"));
  EXPECT_THAT(problem(with_location(mat::cell("", mat::doubles(1, 1, {1})))), HasSubstr("numbers are expected"));
  EXPECT_THAT(message_of([&] { MatArray::read(folder() / "none.mat", "x"); }), HasSubstr("none.mat"));
}

TEST_F(MatFile, EveryTruncationIsAnError) {
  const std::string plain = mat::annotation(4, {1, 2, 3, 4, 5, 6, 7, 8});
  const std::string packed = mat::file(compressed(plain.substr(128)));
  EXPECT_EQ(numbers(packed), numbers(plain));
  for (const std::string& whole : {plain, packed}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_THAT(problem(whole.substr(0, length)), HasSubstr("a.mat")) << length;
    }
  }
}

TEST_F(MatFile, LyingSizesAreErrors) {
  EXPECT_THAT(problem(mat::annotation(1000000, {1, 2})), HasSubstr("1000000 x 2 has 2 numbers"));
  EXPECT_THAT(problem(mat::annotation(0x7fffffff, {1, 2})), HasSubstr("has 2 numbers"));
  EXPECT_THAT(problem(mat::annotation(-1, {1, 2})), HasSubstr("dimensions"));
}

TEST_F(MatFile, DamageGivesAnErrorOrNumbersAndNeverMore) {
  // Run under the sanitizers: whatever the bytes say, nothing outside them may be read.
  const std::string plain = mat::annotation(4, {1, 2, 3, 4, 5, 6, 7, 8});
  const std::string packed = mat::file(compressed(plain.substr(128)));
  int refused = 0;
  for (const std::string& whole : {plain, packed}) {
    for (std::uint64_t seed = 0; seed < 1500; ++seed) {
      const Draw draw(seed, "damage");
      std::string bytes = whole;
      for (std::uint64_t i = 0; i <= seed % 3; ++i) {
        const auto place = static_cast<std::size_t>(draw.integer(2 * i, static_cast<std::int64_t>(bytes.size())));
        bytes[place] = static_cast<char>(draw.bits(2 * i + 1));
      }
      try {
        EXPECT_LE(numbers(bytes).size(), whole.size());
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input);
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace throng
