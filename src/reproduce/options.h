#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace throng {

/// What is to be reproduced, and how it may differ from the paper. Numbers of 0 and empty words leave the
/// configurations as they are.
struct ReproduceOptions {
  std::vector<std::string> tables;   ///< "table4"; "all" = every one
  std::vector<std::string> rows;     ///< names within these tables, "moe" or "table4/moe"; empty = all
  std::filesystem::path data;        ///< folder of data sets in their original layouts
  std::filesystem::path run;         ///< everything is written here
  std::filesystem::path configs;     ///< folder of the experiments
  std::string data_set;              ///< judge the rows of ShanghaiTech A on this one instead: "shb"
  std::int64_t epochs = 0;           ///< train.epochs
  std::int64_t limit = 0;            ///< data.limit
  std::int64_t seeds = 1;            ///< how often each network is trained, with consecutive seeds
  std::string encoder;               ///< model.encoder
  std::vector<std::string> changes;  ///< "key=value" for every configuration; after the ones above
  bool estimate_only = false;        ///< say what is to be done and what it takes, and do nothing
};

}  // namespace throng
