#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/program.h"
#include "core/text.h"
#include "image/codec.h"
#include "infer/tiny_model.h"
#include "temporary_folder.h"

namespace throng {

/// A folder with a tiny model and pictures, in which the program is run.
class TinyWorkplace : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<TemporaryFolder>();
    model_ = save_tiny_model(*shared_ / "tiny.safetensors").string();
  }
  static void TearDownTestSuite() { shared_.reset(); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  std::string picture(const std::string& name, int width = 64, int height = 48, std::uint64_t seed = 1) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    save_image(noisy_picture(width, height, seed), folder_ / name);
    return at(name);
  }
  std::string file(const std::string& name, const std::string& words) const {
    write_file(folder_ / name, words);
    return at(name);
  }

  /// Runs with the tiny model.
  static ProgramResult run(std::vector<std::string> arguments, const std::string& input = "",
                           std::vector<std::string> surroundings = {}) {
    surroundings.push_back("THRONG_MODEL=" + model_);
    return run_throng(arguments, input, surroundings);
  }

  static nlohmann::json run_json(std::vector<std::string> arguments, int exit_code = 0) {
    const ProgramResult result = run(std::move(arguments));
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    return nlohmann::json::parse(result.out);
  }

  static std::vector<std::string> lines(const std::string& out) {
    std::vector<std::string> all = split(out, '\n');
    if (!all.empty() && all.back().empty()) all.pop_back();
    return all;
  }

  TemporaryFolder folder_;
  static inline std::unique_ptr<TemporaryFolder> shared_;
  static inline std::string model_;
};

}  // namespace throng
