#include "weights/untrusted_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "weights/scratch.h"

namespace throng {
namespace {

using testing::HasSubstr;

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(UntrustedJson, IsJsonInTheFilesOrder) {
  EXPECT_EQ(parse_untrusted_json(R"({"b": [1, {"a": "x"}], "a": null})").dump(), R"({"b":[1,{"a":"x"}],"a":null})");
}

TEST(UntrustedJson, IsRefusedWhereItIsDeep) {
  EXPECT_EQ(parse_untrusted_json(nested(64)).dump(), nested(64));
  const auto error = [](const std::string& words) { return error_of([&] { parse_untrusted_json(words); }); };
  EXPECT_THAT(error(nested(65)), HasSubstr("deeper than 64"));
  EXPECT_THAT(error(nested(5'000'000)), HasSubstr("deeper than 64"));
  std::string objects;
  for (int i = 0; i < 1'000'000; ++i) objects += R"({"a":)";
  EXPECT_THAT(error(objects), HasSubstr("deeper than 64"));
}

TEST(UntrustedJson, SaysWhereItIsNoJson) {
  const auto error = [](const std::string& words) { return error_of([&] { parse_untrusted_json(words); }); };
  EXPECT_THAT(error(R"({"a": 1,})"), HasSubstr("not valid JSON at its byte 9"));
  EXPECT_THAT(error(""), HasSubstr("not valid JSON"));
  EXPECT_THAT(error("{} {}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(error("1e999"), HasSubstr("out of range"));
}

}  // namespace
}  // namespace throng
