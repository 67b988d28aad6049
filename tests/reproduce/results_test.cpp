#include "reproduce/results.h"

#include <gtest/gtest.h>

#include "core/file.h"
#include "expect_error.h"
#include "temporary_folder.h"

namespace throng {
namespace {

TEST(Results, AreReadBackAsTheyWereWritten) {
  const TemporaryFolder folder;
  Results results = Results::read(folder / "results.json");
  EXPECT_EQ(results.find("0123456789", 1), nullptr);
  NetworkResult& written = results.begin("0123456789", 2, "table4/moe");
  EXPECT_EQ(written.folder, "networks/table4-moe-0123456789-seed2");
  written.trained = true;
  written.seconds = 12.5;
  written.peak_bytes = std::int64_t{5} << 32;
  written.epochs = 200;
  written.device = "cpu";
  written.model = "best.safetensors";
  written.model_sha256 = "ab";
  written.data_sha256 = "cd";
  written.images = 182;
  written.lines[Measure::errors] = {{"", {56.8, 96.5}}};
  written.lines[Measure::game] = {{"", {1, 2, 3, 4}}};
  results.begin("0123456789", 1, "table4/moe");
  results.write();

  const Results again = Results::read(folder / "results.json");
  const NetworkResult* read = again.find("0123456789", 2);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->row, "table4/moe");
  EXPECT_EQ(read->folder, written.folder);
  EXPECT_EQ(read->seconds, 12.5);
  EXPECT_EQ(read->peak_bytes, std::int64_t{5} << 32);
  EXPECT_EQ(read->epochs, 200);
  EXPECT_EQ(read->device, "cpu");
  EXPECT_EQ(read->model, "best.safetensors");
  EXPECT_EQ(read->model_sha256, "ab");
  EXPECT_EQ(read->data_sha256, "cd");
  EXPECT_EQ(read->images, 182);
  EXPECT_EQ(read->lines, written.lines);
  EXPECT_TRUE(read->finished(Measure::errors));
  EXPECT_FALSE(read->finished(Measure::outputs));
  ASSERT_NE(again.find("0123456789", 1), nullptr);
  EXPECT_FALSE(again.find("0123456789", 1)->trained);
}

TEST(Results, ThoseBegunKeepTheRowThatBeganThem) {
  Results results;
  results.begin("0123456789", 1, "table4/hmode").seconds = 3;
  const NetworkResult& again = results.begin("0123456789", 1, "table5/2conv");
  EXPECT_EQ(again.row, "table4/hmode");
  EXPECT_EQ(again.seconds, 3);
}

TEST(Results, DamagedFilesAreNamed) {
  const TemporaryFolder folder;
  for (const char* words : {"", "{", "[]", "{\"throng_results\": 2, \"networks\": []}",
                            "{\"throng_results\": 1, \"networks\": [{\"row\": \"table4/moe\"}]}"}) {
    write_file(folder / "results.json", words);
    expect_error(ErrorKind::failure, {"results.json", "--out"}, [&] { Results::read(folder / "results.json"); });
  }
}

}  // namespace
}  // namespace throng
