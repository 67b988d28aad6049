#include "data/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <map>
#include <set>

#include "core/file.h"
#include "core/text.h"
#include "data/folder.h"
#include "throng/error.h"

namespace throng {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

class ManifestFile : public TestFolder {
 protected:
  std::string problem(std::string_view lines) const {
    const auto path = write("m.jsonl", lines);
    return message_of([&] { read_manifest(path); });
  }
};

constexpr std::string_view kHeader = "{\"throng_manifest\":1,\"name\":\"x\"}\n";

std::string with_header(std::string_view line) { return std::string(kHeader) + std::string(line) + "\n"; }

TEST_F(ManifestFile, ReadsWhatTheContractShows) {
  const auto path =
      write("m.jsonl", with_header("{\"image\":\"a/1.jpg\",\"width\":20,\"height\":10,\"points\":[[1,2.5],[-3,1e2]],"
                                   "\"split\":\"train\",\"group\":\"g\",\"weather\":\"fog\"}"));
  const Manifest manifest = read_manifest(path);
  EXPECT_EQ(manifest.name, "x");
  ASSERT_EQ(manifest.entries.size(), 1U);
  const ManifestEntry& entry = manifest.entries[0];
  EXPECT_EQ(entry.image, folder() / "a/1.jpg");
  EXPECT_EQ(entry.width, 20);
  EXPECT_EQ(entry.height, 10);
  EXPECT_EQ(entry.points, (std::vector<Point>{{1, 2.5}, {-3, 100}}));
  EXPECT_EQ(entry.split, "train");
  EXPECT_EQ(entry.group, "g");
}

TEST_F(ManifestFile, FieldsOfOtherProgramsPassThrough) {
  const std::string header = R"({"throng_manifest":1,"name":"x","made_by":{"tool":"y","v":[1,2]}})";
  const std::string first =
      R"({"image":"1.jpg","width":20,"height":10,"points":[[1.0,2.5]],"split":"train","id":12345678901,"note":"é \" \\"})";
  const std::string second =
      R"({"image":"2.jpg","width":20,"height":10,"points":[],"split":"train","boxes":[[1,2,3.5]],"seen":null})";
  const auto path = write("m.jsonl", text(header, "\n", first, "\n", second, "\n"));
  const Manifest manifest = read_manifest(path);
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[1].other_fields,
            (std::vector<std::pair<std::string, std::string>>{{"boxes", "[[1,2,3.5]]"}, {"seen", "null"}}));
  write_manifest(manifest, path);
  EXPECT_EQ(read_text_file(path), text(header, "\n", first, "\n", second, "\n"));
}

TEST_F(ManifestFile, SplittingKeepsFieldsOfOtherProgramsAndTheFilesMode) {
  std::string lines(kHeader);
  for (int i = 0; i < 4; ++i) {
    lines += text(R"({"image":")", i, R"(.jpg","width":20,"height":10,"points":[],"split":"train","id":)", i, "}\n");
  }
  const auto path = write("m.jsonl", lines);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  Manifest manifest = read_manifest(path);
  split_manifest(manifest, "train", "val", 0.25, 1);
  write_manifest(manifest, path);
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  const std::string written = read_text_file(path);
  for (int i = 0; i < 4; ++i) EXPECT_THAT(written, HasSubstr(text(R"("id":)", i, "}")));
}

TEST_F(ManifestFile, AnAnnotatedImageMayStateItsCount) {
  const auto path = write("m.jsonl", with_header(R"({"image":"1.jpg","width":9,"height":9,"points":[[1,2]],)"
                                                 R"("split":"test","annotated":true,"count":1})"));
  write_manifest(read_manifest(path), path);
  const ManifestEntry entry = read_manifest(path).entries.at(0);
  EXPECT_TRUE(entry.annotated);
  EXPECT_EQ(entry.count, 1);
  EXPECT_EQ(entry.points.size(), 1U);
}

TEST_F(ManifestFile, WrittenAndReadAgainIsTheSame) {
  Manifest manifest;
  manifest.name = "Händel \"quoted\"";
  manifest.entries.push_back({folder() / "pictures/ü 1.jpg", 1024, 768, {{0.1, 1.0 / 3}, {-1e-9, 1e9}}, "train", ""});
  manifest.entries.push_back({folder().parent_path() / "elsewhere.png", 1, 1, {}, "test", "pair 3"});
  write_manifest(manifest, folder() / "m.jsonl");
  const Manifest again = read_manifest(folder() / "m.jsonl");
  EXPECT_EQ(again.name, manifest.name);
  ASSERT_EQ(again.entries.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(again.entries[i].image, manifest.entries[i].image);
    EXPECT_EQ(again.entries[i].points, manifest.entries[i].points);  // every bit
    EXPECT_EQ(again.entries[i].split, manifest.entries[i].split);
    EXPECT_EQ(again.entries[i].group, manifest.entries[i].group);
  }
  const std::string written = read_text_file(folder() / "m.jsonl");
  EXPECT_THAT(written, HasSubstr("\"image\":\"pictures/ü 1.jpg\""));
  EXPECT_THAT(written, HasSubstr("\"image\":\"" + (folder().parent_path() / "elsewhere.png").string() + "\""));
}

TEST_F(ManifestFile, WhatOnlySomeDataSetsKnowIsWrittenWhenItIsKnown) {
  Manifest manifest;
  for (const char* name : {"plain.jpg", "unknown.jpg", "count.jpg", "all.jpg"}) {
    manifest.entries.push_back({folder() / name, 8, 8, {}, "test", ""});
  }
  manifest.entries[1].annotated = false;
  manifest.entries[2].annotated = false;
  manifest.entries[2].count = 57;
  manifest.entries[3].points = {{1, 2}};
  manifest.entries[3].roi = folder() / "m_masks/a.png";
  manifest.entries[3].perspective = "/far/p.npy";
  manifest.entries[3].labels = {{"weather", "fog"}, {"level", "low"}};
  write_manifest(manifest, folder() / "m.jsonl");
  const std::string written = read_text_file(folder() / "m.jsonl");
  EXPECT_THAT(written,
              HasSubstr("{\"image\":\"plain.jpg\",\"width\":8,\"height\":8,\"points\":[],\"split\":\"test\"}\n"));
  EXPECT_THAT(written, HasSubstr("\"split\":\"test\",\"annotated\":false}\n"));
  EXPECT_THAT(written, HasSubstr("\"annotated\":false,\"count\":57}\n"));
  EXPECT_THAT(written, HasSubstr("\"roi\":\"m_masks/a.png\",\"perspective\":\"/far/p.npy\",\"labels\":{"));
  const Manifest again = read_manifest(folder() / "m.jsonl");
  ASSERT_EQ(again.entries.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(again.entries[i].annotated, manifest.entries[i].annotated);
    EXPECT_EQ(again.entries[i].count, manifest.entries[i].count);
    EXPECT_EQ(again.entries[i].roi, manifest.entries[i].roi);
    EXPECT_EQ(again.entries[i].perspective, manifest.entries[i].perspective);
    EXPECT_EQ(again.entries[i].labels, manifest.entries[i].labels);
  }
  EXPECT_EQ(again.entries[0].people(), 0);
  EXPECT_EQ(again.entries[1].people(), std::nullopt);
  EXPECT_EQ(again.entries[2].people(), 57);
  EXPECT_EQ(again.entries[3].people(), 1);
}

TEST_F(ManifestFile, OptionalFieldsMustFit) {
  const auto entry = [&](const std::string& fields) {
    return problem(with_header("{\"image\":\"1.jpg\",\"width\":2,\"height\":2,\"split\":\"\"," + fields + "}"));
  };
  EXPECT_THAT(entry("\"points\":[],\"count\":-1"), HasSubstr("\"count\" must be"));
  EXPECT_THAT(entry("\"points\":[],\"count\":\"7\""), HasSubstr("\"count\" must be"));
  EXPECT_THAT(entry("\"points\":[],\"annotated\":0"), HasSubstr("\"annotated\" must be"));
  EXPECT_THAT(entry("\"points\":[[1,2]],\"annotated\":false"), HasSubstr("although it is not annotated"));
  EXPECT_THAT(entry("\"points\":[],\"roi\":7"), HasSubstr("\"roi\" must be a string"));
  EXPECT_THAT(entry("\"points\":[],\"labels\":[]"), HasSubstr("\"labels\" must be"));
  EXPECT_THAT(entry("\"points\":[],\"labels\":{\"level\":7}"), HasSubstr("\"level\" must be a string"));
}

TEST_F(ManifestFile, MovedFolderKeepsItsRelativeImages) {
  Manifest manifest;
  manifest.entries.push_back({folder() / "data/images/1.jpg", 8, 8, {}, "train", ""});
  fs::create_directories(folder() / "data");
  write_manifest(manifest, folder() / "data/m.jsonl");
  fs::rename(folder() / "data", folder() / "moved");
  EXPECT_EQ(read_manifest(folder() / "moved/m.jsonl").entries[0].image, folder() / "moved/images/1.jpg");
}

TEST_F(ManifestFile, ToleratesByteOrderMarkCarriageReturnsAndEmptyLines) {
  const auto path = write("m.jsonl",
                          "\xef\xbb\xbf{\"throng_manifest\":1,\"name\":\"w\"}\r\n\r\n"
                          "{\"image\":\"1.jpg\",\"width\":2,\"height\":2,\"points\":[],\"split\":\"\"}");
  EXPECT_EQ(read_manifest(path).name, "w");
  EXPECT_EQ(read_manifest(path).entries.size(), 1U);
}

TEST_F(ManifestFile, NumbersDoNotDependOnTheLocale) {
  const char* german = std::setlocale(LC_ALL, "de_DE.UTF-8");
  Manifest manifest;
  manifest.entries.push_back({folder() / "1.jpg", 8, 8, {{1234567.25, 0.5}}, "train", ""});
  write_manifest(manifest, folder() / "m.jsonl");
  const Manifest again = read_manifest(folder() / "m.jsonl");
  std::setlocale(LC_ALL, "C");
  EXPECT_THAT(read_text_file(folder() / "m.jsonl"), HasSubstr("[[1234567.25,0.5]]"));
  EXPECT_EQ(again.entries[0].points, manifest.entries[0].points);
  if (!german) GTEST_SKIP() << "no German locale on this machine: checked with the C locale only";
}

TEST_F(ManifestFile, ErrorsNameFileAndLine) {
  const std::string place = (folder() / "m.jsonl").string();
  EXPECT_THAT(problem(""), HasSubstr("empty"));
  EXPECT_THAT(problem("hello\n"), AllOf(HasSubstr(place + ":1: "), HasSubstr("throng_manifest")));
  EXPECT_THAT(problem("{\"name\":\"x\"}"), HasSubstr("throng_manifest"));
  EXPECT_THAT(problem("{\"throng_manifest\":2}"), HasSubstr("format 2"));
  EXPECT_THAT(problem(with_header("{\"image\":\"1.jpg\",\"width\":2,")),
              AllOf(HasSubstr(place + ":2: this line is not valid JSON (column 28: syntax error"),
                    Not(HasSubstr("json.exception")), Not(HasSubstr("at line"))));
  EXPECT_THAT(problem(with_header("[1]")), HasSubstr(":2: expected a JSON object"));
  const auto entry = [&](std::string_view fields) {
    return problem(std::string(kHeader) + "\n{\"image\":\"1.jpg\"," + std::string(fields) + "}");
  };
  EXPECT_THAT(entry("\"height\":2,\"points\":[],\"split\":\"\""), HasSubstr(place + ":3: \"width\" is missing"));
  EXPECT_THAT(entry("\"width\":0,\"height\":2,\"points\":[],\"split\":\"\""), HasSubstr("\"width\" must be"));
  EXPECT_THAT(entry("\"width\":2.5,\"height\":2,\"points\":[],\"split\":\"\""), HasSubstr("\"width\" must be"));
  EXPECT_THAT(entry("\"width\":1e99,\"height\":2,\"points\":[],\"split\":\"\""), HasSubstr("\"width\" must be"));
  EXPECT_THAT(entry("\"width\":99999999999999999999,\"height\":2,\"points\":[],\"split\":\"\""),
              HasSubstr("\"width\" must be"));
  EXPECT_THAT(entry("\"width\":2,\"height\":2,\"split\":\"\""), HasSubstr("\"points\" is missing"));
  EXPECT_THAT(entry("\"width\":2,\"height\":2,\"points\":[[1,2],[3]],\"split\":\"\""), HasSubstr("point 1 must be"));
  EXPECT_THAT(entry("\"width\":2,\"height\":2,\"points\":[[1,\"2\"]],\"split\":\"\""), HasSubstr("point 0 must be"));
  EXPECT_THAT(entry("\"width\":2,\"height\":2,\"points\":[[1,1e999]],\"split\":\"\""),
              AllOf(HasSubstr("JSON (number overflow"), Not(HasSubstr("json.exception"))));
  EXPECT_THAT(entry("\"width\":2,\"height\":2,\"points\":[[1,NaN]],\"split\":\"\""), HasSubstr("JSON"));
  EXPECT_THAT(entry("\"width\":2,\"height\":2,\"points\":{},\"split\":\"\""), HasSubstr("\"points\" must be a list"));
  EXPECT_THAT(entry("\"width\":2,\"height\":2,\"points\":[]"), HasSubstr("\"split\" is missing"));
  EXPECT_THAT(problem(with_header(std::string(100000, '['))), HasSubstr("JSON"));
  EXPECT_THAT(problem(std::string("\0\x01\xff\xfe", 4)), HasSubstr("throng_manifest"));
  EXPECT_THAT(message_of([&] { read_manifest(folder() / "none.jsonl"); }), HasSubstr("none.jsonl"));
}

TEST_F(ManifestFile, NamesThatAreNotUnicodeAreRefused) {
  Manifest manifest;
  manifest.entries.push_back({folder() / "caf\xe9.jpg", 8, 8, {}, "train", ""});
  EXPECT_THAT(message_of([&] { write_manifest(manifest, folder() / "m.jsonl"); }), HasSubstr("UTF-8"));
  EXPECT_FALSE(fs::exists(folder() / "m.jsonl"));
}

TEST(Manifest, SplitKeepsOrderAndNamesWhatThereIs) {
  Manifest manifest;
  for (const char* split : {"train", "test", "train"}) manifest.entries.push_back({split, 1, 1, {}, split, ""});
  EXPECT_EQ(manifest.split("train").size(), 2U);
  EXPECT_THAT(message_of([&] { manifest.split("val"); }),
              AllOf(HasSubstr("'test' (1 image)"), HasSubstr("'train' (2 images)")));
  EXPECT_THAT(message_of([&] { Manifest{}.split("val"); }), HasSubstr("no images at all"));
}

Manifest hundred() {
  Manifest manifest;
  for (int i = 0; i < 100; ++i) {
    manifest.entries.push_back({text("img", i), 1, 1, {}, i < 90 ? "train" : "test", ""});
    if (i < 30) manifest.entries.back().group = text("g", i / 3);
  }
  return manifest;
}

TEST(SplitManifest, MovesTheShareAndKeepsGroupsTogether) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Manifest manifest = hundred();
    split_manifest(manifest, "train", "val", 0.2, seed);
    std::map<std::string, std::set<std::string>> sides;
    int moved = 0;
    for (const ManifestEntry& entry : manifest.entries) {
      if (entry.split == "val") ++moved;
      if (!entry.group.empty()) sides[entry.group].insert(entry.split);
    }
    EXPECT_EQ(moved, 18);
    EXPECT_EQ(manifest.split("test").size(), 10U);
    for (const auto& [group, splits] : sides) EXPECT_EQ(splits.size(), 1U) << group;
  }
}

TEST(SplitManifest, DependsOnTheSeedAlone) {
  const auto chosen = [](std::uint64_t seed) {
    Manifest manifest = hundred();
    split_manifest(manifest, "train", "val", 0.1, seed);
    std::vector<std::string> names;
    for (const auto& entry : manifest.split("val")) names.push_back(entry.image.string());
    return names;
  };
  EXPECT_EQ(chosen(5), chosen(5));
  EXPECT_NE(chosen(5), chosen(6));
}

TEST(SplitManifest, RefusesWhatCannotBeDivided) {
  Manifest manifest = hundred();
  EXPECT_THROW(split_manifest(manifest, "train", "val", 0.0, 1), Error);
  EXPECT_THROW(split_manifest(manifest, "train", "val", 1.0, 1), Error);
  EXPECT_THROW(split_manifest(manifest, "nothing", "val", 0.1, 1), Error);
  EXPECT_THAT(message_of([&] { split_manifest(manifest, "train", "test", 0.1, 1); }), HasSubstr("10 images already"));
  Manifest one_group;
  for (int i = 0; i < 4; ++i) one_group.entries.push_back({"i", 1, 1, {}, "train", "same"});
  EXPECT_THAT(message_of([&] { split_manifest(one_group, "train", "val", 0.5, 1); }), HasSubstr("1 group"));
  EXPECT_EQ(one_group.split("train").size(), 4U);
}

}  // namespace
}  // namespace throng
