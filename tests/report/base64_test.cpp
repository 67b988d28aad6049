#include "report/base64.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace throng {
namespace {

std::string of_letters(std::string_view letters) {
  return base64(std::vector<std::uint8_t>(letters.begin(), letters.end()));
}

// RFC 4648, section 10.
TEST(Base64, EncodesTheStandardsExamples) {
  EXPECT_EQ(of_letters(""), "");
  EXPECT_EQ(of_letters("f"), "Zg==");
  EXPECT_EQ(of_letters("fo"), "Zm8=");
  EXPECT_EQ(of_letters("foo"), "Zm9v");
  EXPECT_EQ(of_letters("foob"), "Zm9vYg==");
  EXPECT_EQ(of_letters("fooba"), "Zm9vYmE=");
  EXPECT_EQ(of_letters("foobar"), "Zm9vYmFy");
}

TEST(Base64, UsesTheWholeAlphabet) {
  EXPECT_EQ(base64(std::vector<std::uint8_t>{0xFB, 0xFF, 0xBF}), "+/+/");
  EXPECT_EQ(base64(std::vector<std::uint8_t>{0, 0, 0}), "AAAA");
  EXPECT_EQ(base64(std::vector<std::uint8_t>{255, 255, 255}), "////");
}

}  // namespace
}  // namespace throng
