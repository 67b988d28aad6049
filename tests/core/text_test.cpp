#include "core/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <clocale>
#include <cmath>
#include <limits>

namespace throng {
namespace {

TEST(Text, QuantitiesAgreeWithTheirNoun) {
  EXPECT_EQ(quantity(1, "picture"), "1 picture");
  EXPECT_EQ(quantity(0, "picture"), "0 pictures");
  EXPECT_EQ(quantity(12, "linked folder"), "12 linked folders");
}

TEST(Text, SignsStandBeforeWhatIsNotZero) {
  EXPECT_EQ(signed_fixed(3.14, 1), "+3.1");
  EXPECT_EQ(signed_fixed(-0.36, 1), "-0.4");
  EXPECT_EQ(signed_fixed(0.04, 1), "0.0");
  EXPECT_EQ(signed_fixed(-0.04, 1), "0.0");
}

TEST(Text, JoinsStringsAndNumbers) {
  EXPECT_EQ(text("row ", 3, " of ", std::string("name"), ' ', true, ' ', 0.5, ' ', -7L), "row 3 of name true 0.5 -7");
  EXPECT_EQ(text(), "");
  EXPECT_EQ(text(std::uint64_t{18446744073709551615ULL}), "18446744073709551615");
  EXPECT_EQ(text(0.1), "0.1");
  EXPECT_EQ(text(1.0 / 3), "0.3333333333333333");
}

TEST(Text, FixedDecimals) {
  EXPECT_EQ(fixed(3.14159, 2), "3.14");
  EXPECT_EQ(fixed(2.0, 0), "2");
  EXPECT_EQ(fixed(1e15, 1), "1000000000000000.0");
  EXPECT_EQ(fixed(-1.25, 1), "-1.2");
  EXPECT_EQ(fixed(std::numeric_limits<double>::max(), 1).size(), 311u);
}

TEST(Text, ZeroHasNoSign) {
  EXPECT_EQ(fixed(-0.04, 1), "0.0");
  EXPECT_EQ(fixed(-0.0, 0), "0");
  EXPECT_EQ(fixed(-0.06, 1), "-0.1");
  EXPECT_EQ(fixed(-10.0, 1), "-10.0");
}

TEST(Text, Scientific) {
  EXPECT_EQ(scientific(0.00002, 2), "2.00e-05");
  EXPECT_EQ(scientific(0, 2), "0.00e+00");
  EXPECT_EQ(scientific(-12345.678, 3), "-1.235e+04");
  EXPECT_EQ(scientific(std::numeric_limits<double>::max(), 1), "1.8e+308");
}

TEST(Text, ReasonsAreTheSystemsWords) { EXPECT_EQ(reason_of(ENOENT), "No such file or directory"); }

TEST(Text, LowerCaseLeavesOtherLettersAlone) {
  EXPECT_EQ(lower_case(".JPeG"), ".jpeg");
  EXPECT_EQ(lower_case("ÄAZ[@`z"), "Äaz[@`z");
  EXPECT_EQ(lower_case(""), "");
}

TEST(Text, Bytes) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1024), "1.0 KiB");
  EXPECT_EQ(human_bytes(1610612736), "1.5 GiB");
  EXPECT_EQ(human_bytes(1048575), "1.0 MiB");
  EXPECT_EQ(human_bytes(std::numeric_limits<std::int64_t>::max()), "8.0 EiB");
}

TEST(Text, Durations) {
  EXPECT_EQ(human_duration(0.04), "0.0 s");
  EXPECT_EQ(human_duration(3.21), "3.2 s");
  EXPECT_EQ(human_duration(9.99), "10 s");
  EXPECT_EQ(human_duration(12), "12 s");
  EXPECT_EQ(human_duration(59.6), "1 min 00 s");
  EXPECT_EQ(human_duration(185), "3 min 05 s");
  EXPECT_EQ(human_duration(3599.7), "1 h 00 min");
  EXPECT_EQ(human_duration(7800), "2 h 10 min");
  EXPECT_EQ(human_duration(360000), "100 h 00 min");
  EXPECT_EQ(human_duration(-1), "unknown time");
  EXPECT_EQ(human_duration(std::nan("")), "unknown time");
  EXPECT_EQ(human_duration(INFINITY), "unknown time");
}

TEST(Text, NearestNameFindsTypingSlips) {
  const std::vector<std::string> names = {"epochs", "crop", "batch", "lr", "seed", "encoder_weights"};
  EXPECT_EQ(nearest_name("epoch", names), "epochs");
  EXPECT_EQ(nearest_name("epcohs", names), "epochs");
  EXPECT_EQ(nearest_name("Batch", names), "batch");
  EXPECT_EQ(nearest_name("encoder_wieght", names), "encoder_weights");
  EXPECT_EQ(nearest_name("rl", names), "lr");
  EXPECT_EQ(nearest_name("crop", names), "crop");
}

TEST(Text, NearestNameDoesNotGuessWildly) {
  const std::vector<std::string> names = {"epochs", "crop", "lr"};
  EXPECT_EQ(nearest_name("momentum", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("xy", names), "");
  EXPECT_EQ(nearest_name("epochs", {}), "");
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'x'), names), "");
}

TEST(Text, SplitTrimJoin) {
  EXPECT_THAT(split("a,b,,c", ','), testing::ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split("", ','), testing::ElementsAre(""));
  EXPECT_THAT(split("a,", ','), testing::ElementsAre("a", ""));
  EXPECT_EQ(trim(" \ta b\r\n"), "a b");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(join(std::vector<std::string>{"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, ParsesWholeNumbers) {
  std::int64_t value = 5;
  EXPECT_TRUE(parse_number("-9223372036854775808", value));
  EXPECT_EQ(value, std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(parse_number("+42", value));
  EXPECT_EQ(value, 42);
  for (const char* bad : {"", "+", "-", "+-1", "1.0", "1e3", " 1", "1 ", "0x10", "9223372036854775808", "1,0"}) {
    EXPECT_FALSE(parse_number(bad, value)) << bad;
    EXPECT_EQ(value, 42) << "a refused token leaves the value alone";
  }
}

TEST(Text, ParsesDecimalNumbers) {
  double value = 5;
  EXPECT_TRUE(parse_number("-1.5e3", value));
  EXPECT_EQ(value, -1500);
  EXPECT_TRUE(parse_number("+.25", value));
  EXPECT_EQ(value, 0.25);
  EXPECT_TRUE(parse_number("7", value));
  EXPECT_EQ(value, 7);
  for (const char* bad : {"", ".", "nan", "inf", "-inf", "1e999", "1,5", "1.5x", "1.5 ", "+-1.5"}) {
    EXPECT_FALSE(parse_number(bad, value)) << bad;
    EXPECT_EQ(value, 7) << "a refused token leaves the value alone";
  }
}

// A decimal comma is what German, French and many more locales write.
TEST(Text, LocaleChangesNothing) {
  const char* comma = nullptr;
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8"})
    comma = comma ? comma : std::setlocale(LC_ALL, name);
  if (!comma) GTEST_SKIP() << "this machine has no locale with a decimal comma";
  double value = 0;
  EXPECT_TRUE(parse_number("1.5", value));
  EXPECT_EQ(text(value, " ", fixed(value, 2), " ", scientific(value, 1), " ", human_bytes(1536)),
            "1.5 1.50 1.5e+00 1.5 KiB");
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace throng
