#include "infer/band.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace throng {

namespace {

// Row r holds 10 r + channel.
void fill(const MapRows& rows) {
  for (int y = 0; y < rows.count(); ++y) {
    for (std::int64_t c = 0; c < rows.values.size(1); ++c)
      rows.values.select(2, y).select(1, c).fill_(10 * (rows.first + y) + c);
  }
}

void expect_rows(const Band& band, int first, int last, int height) {
  const MapRows rows = band.rows(first, last);
  EXPECT_EQ(rows.first, first);
  EXPECT_EQ(rows.count(), last - first);
  EXPECT_TRUE(rows.values.is_contiguous(at::MemoryFormat::ChannelsLast));
  for (int y = first; y < last; ++y) {
    const float expected = y < 0 || y >= height ? 0.0F : 10.0F * static_cast<float>(y);
    EXPECT_EQ(rows.values.select(2, y - first).select(1, 0).min().item<float>(), expected) << "row " << y;
    EXPECT_EQ(rows.values.select(2, y - first).select(1, 0).max().item<float>(), expected) << "row " << y;
  }
}

TEST(Band, HoldsTheLastRowsAndZerosAroundTheMap) {
  constexpr int kHeight = 40;
  Band band({.channels = 3, .width = 5, .height = kHeight, .margin = 2, .capacity = 8});
  fill(band.append(4, -2));
  expect_rows(band, -2, 4, kHeight);
  for (int end = 8; end <= kHeight; end += 4) {
    fill(band.append(4, end - 6));
    expect_rows(band, end - 6, end, kHeight);
  }
  expect_rows(band, kHeight - 6, kHeight + 2, kHeight);
}

TEST(Band, OfAMapHeldWholeForgetsNothing) {
  Band band({.channels = 1, .width = 4, .height = 9, .margin = 1, .capacity = 11});
  for (int i = 0; i < 3; ++i) fill(band.append(3, -1));
  expect_rows(band, -1, 10, 9);
}

TEST(Band, RefusesRowsThatAreNotThere) {
  Band band({.channels = 2, .width = 3, .height = 20, .margin = 1, .capacity = 6});
  fill(band.append(4, -1));
  EXPECT_THROW(band.rows(2, 5), std::logic_error) << "not computed yet";
  fill(band.append(4, 3));
  EXPECT_THROW(band.rows(2, 5), std::logic_error) << "forgotten";
}

TEST(Band, TellsWhatItTakes) {
  const Band::Shape shape{.channels = 3, .width = 5, .height = 100, .margin = 1, .capacity = 8, .type = at::kBFloat16};
  EXPECT_EQ(Band::bytes(shape), 9 * 3 * 5 * 2) << "an eighth more rows than the capacity";
}

}  // namespace

}  // namespace throng
