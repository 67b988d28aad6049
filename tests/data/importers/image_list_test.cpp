#include "data/importers/image_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "data/folder.h"
#include "image/codec.h"
#include "image/draw.h"
#include "image/own_mark.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(NaturalLess, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(natural_less("IMG_2.jpg", "IMG_10.jpg"));
  EXPECT_FALSE(natural_less("IMG_10.jpg", "IMG_2.jpg"));
  EXPECT_TRUE(natural_less("a", "b"));
  EXPECT_TRUE(natural_less("a", "a1"));
  EXPECT_TRUE(natural_less("2a9", "2b1"));
  EXPECT_TRUE(natural_less("99999999999999999999998", "99999999999999999999999"));
  EXPECT_FALSE(natural_less("x", "x"));
  // Equal numbers still have an order, and only one.
  EXPECT_NE(natural_less("a01", "a1"), natural_less("a1", "a01"));
}

using ImageList = TestFolder;

TEST_F(ImageList, PicturesInNaturalOrderWithoutHiddenOnes) {
  for (const char* name : {"10.jpg", "9.JPG", "1.png", "notes.txt", ".hidden.jpg", "sub/2.webp", ".git/3.jpg"})
    write(name, "");
  std::vector<std::string> flat;
  for (const auto& path : list_images(folder(), false)) flat.push_back(path.lexically_relative(folder()).string());
  EXPECT_THAT(flat, ElementsAre("1.png", "9.JPG", "10.jpg"));
  std::vector<std::string> deep;
  for (const auto& path : list_images(folder(), true)) deep.push_back(path.lexically_relative(folder()).string());
  EXPECT_THAT(deep, ElementsAre("1.png", "9.JPG", "10.jpg", "sub/2.webp"));
}

TEST_F(ImageList, WhatThrongDrewIsCountedAndPassedOver) {
  write("a.jpg", "");
  write_file(folder() / "a.png", with_mark(encode_png(filled_image(2, 2, {}))));
  std::int64_t drawings = 0;
  EXPECT_THAT(list_images(folder(), true, &drawings), ElementsAre(folder() / "a.jpg"));
  EXPECT_EQ(drawings, 1);
  EXPECT_THAT(list_images(folder(), false), ElementsAre(folder() / "a.jpg"));
}

TEST_F(ImageList, MissingFolderIsNamed) {
  EXPECT_THAT(message_of([&] { list_images(folder() / "none", true); }), HasSubstr("none"));
}

}  // namespace
}  // namespace throng
