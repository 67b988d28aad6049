#include "reproduce/data_sets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/file.h"
#include "data/manifest.h"
#include "expect_error.h"
#include "image/codec.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"

namespace throng {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class BenchmarkFolders : public testing::Test {
 protected:
  /// One half of a part of ShanghaiTech, with two pictures of two heads each.
  void half(const std::string& part, const std::string& half, std::uint64_t seed) const {
    const std::filesystem::path folder = folder_ / "sets" / part / half;
    make_folder(folder / "images");
    make_folder(folder / "ground_truth");
    for (const std::uint64_t i : {1, 2}) {
      const std::string name = "IMG_" + std::to_string(i);
      save_image(noisy_picture(64, 48, seed + i), folder / "images" / (name + ".jpg"));
      write_file(folder / "ground_truth" / ("GT_" + name + ".txt"), "10 10\n20 30\n");
    }
  }

  DataSets sets(const std::string& source) const {
    return {source.empty() ? std::filesystem::path() : folder_ / source, folder_ / "run/data", {}, {}};
  }

  TemporaryFolder folder_;
};

TEST_F(BenchmarkFolders, AreFoundBelowAndByTheirNames) {
  half("shanghaitech/part_A_final", "train_data", 1);
  half("shanghaitech/part_B_final", "train_data", 5);
  const Benchmark& a = find_benchmark("sha");
  const Benchmark& b = find_benchmark("shb");
  const std::filesystem::path above = folder_ / "sets/shanghaitech";
  EXPECT_EQ(locate_benchmark(folder_ / "sets", a), above / "part_A_final");
  EXPECT_EQ(locate_benchmark(above, b), above / "part_B_final");
  EXPECT_EQ(locate_benchmark(above / "part_A_final", a), above / "part_A_final");
  EXPECT_EQ(locate_benchmark(above / "part_B_final", a), "") << "that is the other part";
  EXPECT_EQ(locate_benchmark(folder_ / "sets", find_benchmark("jhu")), "");
  EXPECT_EQ(locate_benchmark(folder_ / "nowhere", a), "");
}

TEST_F(BenchmarkFolders, TheVeryFolderMayHaveAnyName) {
  half("mine", "test_data", 1);
  EXPECT_EQ(locate_benchmark(folder_ / "sets/mine", find_benchmark("sha")), folder_ / "sets/mine");
  EXPECT_EQ(locate_benchmark(folder_ / "sets", find_benchmark("sha")), "") << "it might be something else";
}

TEST_F(BenchmarkFolders, AreImportedOnce) {
  half("part_A", "train_data", 1);
  half("part_A", "test_data", 9);
  DataSets first = sets("sets");
  EXPECT_EQ(first.missing("sha.jsonl"), "");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run/data/sha.jsonl")) << "to look is not to import";
  const AvailableData& data = first.get("sha.jsonl");
  EXPECT_EQ(data.needs, "");
  EXPECT_EQ(data.manifest, folder_ / "run/data/sha.jsonl");
  EXPECT_EQ(read_manifest(data.manifest).split("test").size(), 2U);

  write_file(folder_ / "sets/part_A/train_data/ground_truth/GT_IMG_1.txt", "no numbers");
  EXPECT_EQ(sets("").get("sha.jsonl").needs, "") << "what is imported needs no folder any more";
}

TEST_F(BenchmarkFolders, AreImportedAnewWhenTheyMoved) {
  half("part_A", "train_data", 1);
  half("part_A", "test_data", 9);
  sets("sets").get("sha.jsonl");
  std::filesystem::rename(folder_ / "sets", folder_ / "moved");
  EXPECT_THAT(sets("").missing("sha.jsonl"), StartsWith("ShanghaiTech A (name a folder"));
  DataSets again = sets("moved");
  EXPECT_EQ(again.get("sha.jsonl").needs, "");
  EXPECT_TRUE(std::filesystem::exists(read_manifest(folder_ / "run/data/sha.jsonl").entries[0].image));
}

TEST_F(BenchmarkFolders, WhatIsMissingIsNamed) {
  half("part_A", "train_data", 1);
  DataSets some = sets("sets");
  EXPECT_EQ(some.get("sha.jsonl").needs, "ShanghaiTech A (its split test)");
  EXPECT_THAT(some.get("shb.jsonl").needs, StartsWith("ShanghaiTech B (not found in "));
  EXPECT_THAT(some.get("trancos.jsonl").needs, StartsWith("TRANCOS (not found in "));
  EXPECT_THAT(some.get("other.jsonl").needs, StartsWith("the manifest other.jsonl"));
  EXPECT_THAT(sets("").get("jhu.jsonl").needs, HasSubstr("JHU-CROWD++ (name a folder with it: --data DIR)"));
}

TEST_F(BenchmarkFolders, DamagedAnnotationsAreNamed) {
  half("part_A", "train_data", 1);
  half("part_A", "test_data", 9);
  write_file(folder_ / "sets/part_A/train_data/ground_truth/GT_IMG_1.txt", "no numbers");
  const std::string needs = sets("sets").get("sha.jsonl").needs;
  EXPECT_THAT(needs, StartsWith("ShanghaiTech A ("));
  EXPECT_THAT(needs, HasSubstr("GT_IMG_1.txt"));
}

TEST_F(BenchmarkFolders, AManifestBesideThemIsTaken) {
  half("part_A", "train_data", 1);
  half("part_A", "test_data", 9);
  std::filesystem::path manifest = sets("sets").get("sha.jsonl").manifest;
  make_folder(folder_ / "ready");
  std::filesystem::rename(manifest, folder_ / "ready/sha.jsonl");
  EXPECT_EQ(sets("ready").get("sha.jsonl").manifest, folder_ / "ready/sha.jsonl");
}

TEST(Benchmarks, AreNamedByTheirManifests) {
  EXPECT_EQ(benchmark_of("sha.jsonl"), &find_benchmark("sha"));
  EXPECT_EQ(benchmark_of("mine/sha.jsonl"), nullptr);
  EXPECT_EQ(benchmark_of(""), nullptr);
  EXPECT_EQ(benchmark_keys(), "sha, shb, jhu, trancos");
  expect_error(ErrorKind::usage, {"'shc'", benchmark_keys()}, [] { find_benchmark("shc"); });
}

}  // namespace
}  // namespace throng
