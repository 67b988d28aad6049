#include "report/mark.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "core/file.h"
#include "core/npy.h"
#include "image/codec.h"
#include "temporary_folder.h"

namespace throng {
namespace {

const Image kPicture{2, 1, {1, 2, 3, 4, 5, 6}};

TEST(Mark, APngCarriesATextChunk) {
  const TemporaryFolder folder;
  save_marked_png(kPicture, folder / "a.png");
  EXPECT_EQ(load_image(folder / "a.png").rgb, kPicture.rgb);
  // Length, type, text, and the CRC-32 of the two as zlib computes it.
  const std::string chunk =
      std::string("\0\0\0\x25tEXtSoftware\0Throng, drawn from a picture", 8 + 37) + "\x34\xA7\x5D\x93";
  EXPECT_EQ(read_text_file(folder / "a.png").substr(33, chunk.size()), chunk);
  EXPECT_TRUE(is_marked(folder / "a.png"));
}

TEST(Mark, OthersPicturesHaveNone) {
  const TemporaryFolder folder;
  save_image(kPicture, folder / "a.png");
  EXPECT_FALSE(is_marked(folder / "a.png"));
  // Not only the words: they may stand in anybody's file.
  write_file(folder / "b.png", "Software: Throng, drawn from a picture");
  EXPECT_FALSE(is_marked(folder / "b.png"));
  write_file(folder / "empty.png", "");
  EXPECT_FALSE(is_marked(folder / "empty.png"));
  EXPECT_FALSE(is_marked(folder / "missing.png"));
  EXPECT_FALSE(is_marked(folder.path()));
}

TEST(Mark, AnArrayBeginsABlockLater) {
  const TemporaryFolder folder;
  const std::vector<float> values = {0, 1, 2, 3, 4, 5.5};
  write_npy(folder / "plain.npy", values, 2, 3);
  write_marked_npy(folder / "marked.npy", values, 2, 3);
  EXPECT_FALSE(is_marked(folder / "plain.npy"));
  EXPECT_TRUE(is_marked(folder / "marked.npy"));
  const std::string plain = read_text_file(folder / "plain.npy"), marked = read_text_file(folder / "marked.npy");
  ASSERT_EQ(marked.size(), plain.size() + 64);
  EXPECT_EQ(static_cast<unsigned char>(marked[8]), static_cast<unsigned char>(plain[8]) + 64);
  EXPECT_EQ(marked.substr(10, 117), plain.substr(10, 117));
  EXPECT_EQ(marked.substr(127), std::string(64, ' ') + plain.substr(127));
  for (const int width : {1, 99999, 1000000}) {
    write_marked_npy(folder / "wide.npy", std::vector<float>(static_cast<std::size_t>(width)), 1, width);
    EXPECT_TRUE(is_marked(folder / "wide.npy")) << width;
  }
}

}  // namespace
}  // namespace throng
