#include "cli/point_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/file.h"
#include "data/manifest.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {

namespace {

using nlohmann::json;

const CountedBy kBy{.model = "tiny", .sha256 = "abc", .precision = "fp32", .device = "cpu"};

std::vector<CountRow> some_rows() {
  CountRow first{.path = "a, b.jpg", .width = 640, .height = 480, .count = 2.2};
  first.points = {{12.345f, 479.999f, 0.98765f}, {0, 7.5f, 0.25f}};
  CountRow second{.path = "bad.png", .problem = "bad.png is damaged", .exit_code = 3};
  CountRow third{.path = "empty.jpg", .width = 10, .height = 20, .count = 0.1};
  return {first, second, third};
}

class PointFile : public testing::Test {
 protected:
  std::string written(const std::string& name) const {
    EXPECT_EQ(write_point_file(folder_ / name, some_rows(), kBy, {}), 0U);
    return read_text_file(folder_ / name);
  }

  TemporaryFolder folder_;
};

TEST_F(PointFile, ATableHasALineAHead) {
  EXPECT_EQ(written("p.csv"),
            "path,x,y,confidence\n"
            "\"a, b.jpg\",12.34,479.99,0.988\n"
            "\"a, b.jpg\",0,7.5,0.250\n");
}

TEST_F(PointFile, TheDocumentIsAsAgreed) {
  EXPECT_EQ(json::parse(written("p.JSON")), json::parse(R"({
    "throng_points": 1, "model": {"name": "tiny", "sha256": "abc"},
    "images": [
      {"path": "a, b.jpg", "width": 640, "height": 480, "points": [[12.34, 479.99], [0, 7.5]],
       "confidence": [0.988, 0.25]},
      {"path": "bad.png", "error": "bad.png is damaged"},
      {"path": "empty.jpg", "width": 10, "height": 20, "points": [], "confidence": []}]})"));
  EXPECT_EQ(write_point_file(folder_ / "none.json", {}, kBy, {}), 0U);
  EXPECT_EQ(json::parse(read_text_file(folder_ / "none.json"))["images"], json::array());
}

TEST_F(PointFile, TheManifestIsADataSet) {
  written("p.jsonl");
  const Manifest manifest = read_manifest(folder_ / "p.jsonl");
  EXPECT_EQ(manifest.name, "counted by tiny");
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].image.filename(), "a, b.jpg");
  EXPECT_EQ(manifest.entries[0].width, 640);
  EXPECT_EQ(manifest.entries[0].points, (std::vector<Point>{{12.34, 479.99}, {0, 7.5}}));
  EXPECT_EQ(manifest.entries[0].split, "predicted");
  EXPECT_TRUE(manifest.entries[1].points.empty());
}

TEST_F(PointFile, ANameThatNoManifestCanHoldIsLeftOut) {
  std::vector<CountRow> rows = some_rows();
  rows[0].path = "\xff.jpg";
  EXPECT_EQ(write_point_file(folder_ / "p.jsonl", rows, kBy, {}), 1U);
  EXPECT_EQ(read_manifest(folder_ / "p.jsonl").entries.size(), 1U);
}

TEST_F(PointFile, PeopleWhoCouldNotBePlacedAreNotNobody) {
  std::vector<CountRow> rows = some_rows();
  rows[0].points.clear();
  rows[0].points_problem = "too many";
  EXPECT_EQ(write_point_file(folder_ / "p.jsonl", rows, kBy, {}), 1U);
  EXPECT_EQ(read_manifest(folder_ / "p.jsonl").entries.size(), 1U);
  write_point_file(folder_ / "p.json", rows, kBy, {});
  EXPECT_EQ(json::parse(read_text_file(folder_ / "p.json"))["images"][0],
            json::parse(R"({"path": "a, b.jpg", "error": "too many"})"));
}

TEST_F(PointFile, WhatItWroteItReplacesAndNothingElse) {
  for (const char* name : {"p.csv", "p.json", "p.jsonl"}) {
    written(name);
    EXPECT_NO_THROW(check_point_file(folder_ / name)) << name;
  }
  const auto refused = [&](const char* name, const std::string& words) {
    write_file(folder_ / name, words);
    expect_error(ErrorKind::usage, {name, "not replaced"}, [&] { check_point_file(folder_ / name); });
  };
  refused("table.csv", "path,width,height,count,seconds,error\n");
  refused("coco.json", "{\"images\":[]}");
  refused("mine.jsonl", "{\"throng_manifest\":1,\"name\":\"mine\"}\n{\"image\":\"a.png\",\"predicted\":true}\n");
  // A copy that somebody has corrected to train on.
  std::string corrected = read_text_file(folder_ / "p.jsonl");
  const std::string from = "\"predicted\"", to = "\"train\"";
  corrected.replace(corrected.rfind(from), from.size(), to);
  write_file(folder_ / "good.jsonl", corrected);
  expect_error(ErrorKind::usage, {"good.jsonl", "'train'", "not replaced"},
               [&] { check_point_file(folder_ / "good.jsonl"); });
  // One in which somebody has moved a point and left the split as it was.
  corrected = read_text_file(folder_ / "p.jsonl");
  corrected.replace(corrected.find("12.34"), 5, "12.35");
  write_file(folder_ / "moved.jsonl", corrected);
  expect_error(ErrorKind::usage, {"moved.jsonl", "corrected", "not replaced"},
               [&] { check_point_file(folder_ / "moved.jsonl"); });
  expect_error(ErrorKind::usage, {"p.txt", ".jsonl"}, [&] { check_point_file(folder_ / "p.txt"); });
  expect_error(ErrorKind::failure, {"none"}, [&] { check_point_file(folder_ / "none" / "p.csv"); });
}

}  // namespace

}  // namespace throng
