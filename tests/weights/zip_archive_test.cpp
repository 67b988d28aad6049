#include "weights/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weights/pth_bytes.h"

namespace throng {
namespace {

using testing::HasSubstr;

// What torch.save's archives may have wrong is in pth_test.cpp; this is the directory itself.
class ZipArchive : public testing::Test {
 protected:
  std::filesystem::path written(const std::string& bytes) const { return folder_.write("a.zip", bytes); }

  ScratchFolder folder_;
};

TEST_F(ZipArchive, ListsItsEntriesAndWhereTheirBytesLie) {
  const InputFile file(written(pth::zip_archive({{.name = "a/one", .bytes = "first"}, {.name = "b", .bytes = ""}})));
  const auto entries = read_zip_directory(file);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries.at("a/one").size, 5U);
  EXPECT_EQ(file.read(locate(file, entries.at("a/one"))), "first");
  // Local headers are 30 bytes and the name.
  EXPECT_EQ(locate(file, entries.at("a/one")).offset, 35U);
  EXPECT_EQ(entries.at("b").header, 40U);
  EXPECT_EQ(locate(file, entries.at("b")).bytes, 0U);
}

TEST_F(ZipArchive, MayHaveACommentAndNothingElseBehindIt) {
  const std::string archive = pth::zip_archive({{.name = "a", .bytes = "x"}});
  const std::string comment = archive.substr(0, archive.size() - 2) + little_endian(5, 2) + "hello";
  EXPECT_EQ(read_zip_directory(InputFile(written(comment))).size(), 1U);
  EXPECT_THAT(error_of([&] { read_zip_directory(InputFile(written(archive + "more"))); }), HasSubstr("no end of one"));
}

TEST_F(ZipArchive, MayBeEmpty) {
  EXPECT_TRUE(read_zip_directory(InputFile(written(pth::zip_archive({})))).empty());
  EXPECT_THAT(error_of([&] { read_zip_directory(InputFile(written(""))); }), HasSubstr("no end of one"));
}

TEST_F(ZipArchive, ClaimsAreCheckedAgainstTheFile) {
  const std::string good = pth::zip_archive({{.name = "a", .bytes = "x"}});
  const auto with_end = [&](std::size_t at, std::uint64_t value, int bytes) {
    std::string changed = good;
    changed.replace(good.size() - 22 + at, static_cast<std::size_t>(bytes), little_endian(value, bytes));
    return error_of([&] { read_zip_directory(InputFile(written(changed))); });
  };
  EXPECT_THAT(with_end(10, 0xfffe, 2), HasSubstr("does not lie inside"));   // entries
  EXPECT_THAT(with_end(12, 1 << 20, 4), HasSubstr("does not lie inside"));  // bytes of the directory
  EXPECT_THAT(with_end(16, 1 << 20, 4), HasSubstr("does not lie inside"));  // where it begins
  EXPECT_THAT(with_end(16, 0, 4), HasSubstr("directory of the zip archive is damaged"));
  EXPECT_THAT(with_end(16, 0xffffffff, 4), HasSubstr("zip64"));
}

}  // namespace
}  // namespace throng
