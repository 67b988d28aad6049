#include "core/csv.h"

#include <gtest/gtest.h>

namespace throng {

namespace {

TEST(CsvLine, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_line({"a", "b c", ""}), "a,b c,\n");
  EXPECT_EQ(csv_line({"a,b", "say \"hi\"", "two\nlines"}), "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
  EXPECT_EQ(csv_line({"", "x"}), ",x\n");
  EXPECT_EQ(csv_line({}), "\n");
}

}  // namespace

}  // namespace throng
