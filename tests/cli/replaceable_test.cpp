#include "cli/replaceable.h"

#include <gtest/gtest.h>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

class CheckOutput : public testing::Test {
 protected:
  std::filesystem::path file(const std::string& words) const {
    write_file(folder_ / "file.safetensors", words);  // a name that every kind may have
    return folder_ / "file.safetensors";
  }
  void refuses(const std::string& words, OutputKind kind) const {
    const auto path = file(words);
    expect_error(ErrorKind::usage, {path.string(), "not replaced"}, [&] { check_output(path, kind); });
    EXPECT_EQ(read_text_file(path), words);
  }

  TemporaryFolder folder_;
};

TEST_F(CheckOutput, OnlyItsOwnKindIsReplaced) {
  const std::string table = "path,count,truth,error\n", submission = "3611 2.2456\n";
  const std::string manifest = "{\"throng_manifest\":1,\"name\":\"a\"}\n";
  const std::string model = std::string("\x02\0\0\0\0\0\0\0{}", 10);
  const std::string all[] = {table, submission, manifest, model};
  const OutputKind kinds[] = {OutputKind::table, OutputKind::submission, OutputKind::manifest, OutputKind::model};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      SCOPED_TRACE(testing::Message() << i << " over " << j);
      if (i == j) {
        EXPECT_NO_THROW(check_output(file(all[j]), kinds[i]));
      } else {
        refuses(all[j], kinds[i]);
      }
    }
    refuses("path,x,y,confidence\n", kinds[i]);
    refuses("\xff\xd8\xff\xe0 a photo", kinds[i]);
    refuses("12.5 17\n3 4\n", kinds[i]);
  }
}

TEST_F(CheckOutput, NewAndEmptyFilesPass) {
  EXPECT_NO_THROW(check_output(folder_ / "new", OutputKind::table));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new"));
  EXPECT_NO_THROW(check_output(file(""), OutputKind::model));
  EXPECT_NO_THROW(check_output("/dev/null", OutputKind::manifest));
}

TEST_F(CheckOutput, ModelsAreCalledSafetensors) {
  expect_error(ErrorKind::usage, {"m.pth", ".safetensors"},
               [&] { check_output(folder_ / "m.pth", OutputKind::model); });
}

TEST_F(CheckOutput, OneFileHasOneOfTheOutputs) {
  const auto refused = [&](const std::filesystem::path& one, const std::filesystem::path& other) {
    expect_error(ErrorKind::usage, {"--csv and --points", "same file"},
                 [&] { check_different("--csv", one, "--points", other); });
  };
  const auto here = file("");
  refused(here, here);
  refused(here, folder_ / "." / "file.safetensors");
  refused("new.csv", "./new.csv");
  refused("new.csv", std::filesystem::current_path() / "new.csv");
  std::filesystem::create_symlink(here, folder_ / "link");
  refused(folder_ / "link", here);
  EXPECT_NO_THROW(check_different("--csv", here, "--points", folder_ / "other"));
  EXPECT_NO_THROW(check_different("--csv", "", "--points", ""));
}

TEST_F(CheckOutput, WhatCannotBeWrittenIsSaidBeforeTheWork) {
  expect_error(ErrorKind::failure, {"none"}, [&] { check_output(folder_ / "none" / "t.csv", OutputKind::table); });
}

}  // namespace
}  // namespace throng
