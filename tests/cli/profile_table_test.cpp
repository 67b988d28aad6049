#include "cli/profile_table.h"

#include <gtest/gtest.h>

namespace throng {

namespace {

// Every figure of a small table worked out by hand: shares of 8 ms, 1.2 GFLOP in 6 ms are 200 a second.
TEST(ProfileTableTest, SharesRatesAndTheSum) {
  const Profile profile{{.name = "encoder.stem",
                         .kernel = "Winograd F(4x4)",
                         .channels = 64,
                         .height = 192,
                         .width = 256,
                         .seconds = 0.006,
                         .gflop = 1.2},
                        {.name = "mixing", .kernel = "", .channels = 1, .height = 9, .width = 9, .seconds = 0.002}};
  EXPECT_EQ(profile_table(profile),
            "layer         kernel                   output    ms      %  GFLOP  GFLOP/s\n"
            "encoder.stem  Winograd F(4x4)  64 x 192 x 256  6.00   75.0   1.20      200\n"
            "mixing                              1 x 9 x 9  2.00   25.0      -        -\n"
            "all                                            8.00  100.0   1.20      150\n");
}

TEST(ProfileTableTest, NothingMeasuredIsSaid) {
  EXPECT_EQ(profile_table({}), "the time of single layers is not known on this device\n");
}

}  // namespace

}  // namespace throng
