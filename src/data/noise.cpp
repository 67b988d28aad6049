#include "data/noise.h"

#include <cstddef>
#include <cstdint>

#include "data/colour.h"

namespace throng {

namespace {

/// Standard deviation 1, nearly normal, never beyond 3.5: a sum of four numbers of 16 bits, which no library rounds.
double bell_of(std::uint64_t bits) {
  std::int64_t sum = -2 * 0xffff;
  for (int part = 0; part < 4; ++part) sum += static_cast<std::int64_t>(bits >> (16 * part) & 0xffff);
  return static_cast<double>(sum) / 37837.0;  // 2 * 65536 / sqrt(12)
}

}  // namespace

void add_noise(Image& image, double common, double own, const Draw& draw) {
  const std::size_t pixels = image.rgb.size() / 3;
  for (std::size_t i = 0; i < pixels; ++i) {
    const double shared = common > 0 ? common * bell_of(draw.bits(4 * i)) : 0;
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint8_t& value = image.rgb[3 * i + c];
      const double single = own > 0 ? own * bell_of(draw.bits(4 * i + 1 + c)) : 0;
      value = nearest_level(value + shared + single);
    }
  }
}

}  // namespace throng
