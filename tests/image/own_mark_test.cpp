#include "image/own_mark.h"

#include <gtest/gtest.h>

#include "core/file.h"
#include "expect_error.h"
#include "image/codec.h"
#include "temporary_folder.h"

namespace throng {
namespace {

const Image kPicture{2, 1, {1, 2, 3, 4, 5, 6}};

TEST(OwnMark, IsKnownByTheChunkBehindTheHeader) {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> plain = encode_png(kPicture);
  write_file(folder / "plain.png", plain);
  EXPECT_FALSE(is_own_drawing(folder / "plain.png"));
  for (const char* name : {"drawn.png", "drawn.PNG"}) {
    write_file(folder / name, with_mark(plain));
    EXPECT_TRUE(is_own_drawing(folder / name)) << name;
    EXPECT_EQ(load_image(folder / name).rgb, kPicture.rgb);
  }
  std::filesystem::create_symlink(folder / "drawn.png", folder / "link.png");
  EXPECT_TRUE(is_own_drawing(folder / "link.png"));
}

TEST(OwnMark, WhatIsNoWholeHeaderHasNone) {
  const TemporaryFolder folder;
  std::vector<std::uint8_t> drawn = with_mark(encode_png(kPicture));
  // The mark is 12 bytes of a chunk and 37 of text behind 33 of signature and header.
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{33}, std::size_t{81}}) {
    write_file(folder / "cut.png", std::vector<std::uint8_t>(drawn.begin(), drawn.begin() + std::ptrdiff_t(size)));
    EXPECT_FALSE(is_own_drawing(folder / "cut.png")) << size;
  }
  write_file(folder / "words.png", "Software: Throng, drawn from a picture");
  EXPECT_FALSE(is_own_drawing(folder / "words.png"));
  EXPECT_FALSE(is_own_drawing(folder / "missing.png"));
  std::filesystem::create_directory(folder / "folder.png");
  EXPECT_FALSE(is_own_drawing(folder / "folder.png"));
}

TEST(OwnMark, OnlyPngsCanBeMarked) {
  expect_error(ErrorKind::failure, {"PNG"}, [] { with_mark({1, 2, 3}); });
}

}  // namespace
}  // namespace throng
