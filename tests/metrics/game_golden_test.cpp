#include <gtest/gtest.h>

#include <iostream>

#include "golden/golden_files.h"
#include "metrics/errors.h"

namespace throng {
namespace {

TEST(GameGolden, AgreesWithEveryFile) {
  std::size_t cases = 0;
  const auto files = golden::files("data_seed");
  if (files.empty()) GTEST_SKIP() << golden::none_of("data_seed");
  for (const golden::File& file : files) {
    for (const auto& expected : file.numbers().at("game")) {
      const int height = expected.at("size").at(0);
      const int width = expected.at("size").at(1);
      const std::string prefix = "game." + std::to_string(height) + "x" + std::to_string(width);
      SCOPED_TRACE(file.name() + " " + prefix);
      const std::vector<float> predicted = file.tensor(prefix + ".pred").floats();
      const std::vector<float> truth = file.tensor(prefix + ".gt").floats();
      const std::vector<double> values = expected.at("game_0_to_3");
      ASSERT_FALSE(values.empty());
      for (std::size_t level = 0; level < values.size(); ++level) {
        EXPECT_NEAR(game(predicted, truth, width, height, static_cast<int>(level)), values[level],
                    1e-6 * values[level]);
      }
      ++cases;
    }
  }
  EXPECT_GT(cases, 0U);
  std::cout << "used " << files.size() << " golden file pairs, " << cases << " cases\n";
}

}  // namespace
}  // namespace throng
