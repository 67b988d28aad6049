#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "kernels/rows.h"

namespace throng {

inline void one_thread(std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& body) {
  body(0, count);
}

inline void three_threads(std::int64_t count, const std::function<void(std::int64_t, std::int64_t)>& body) {
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < 3; ++t) threads.emplace_back([&, t] { body(count * t / 3, count * (t + 1) / 3); });
  for (std::thread& thread : threads) thread.join();
}

constexpr KernelType all_types[] = {KernelType::f32, KernelType::bf16, KernelType::u8};

/// A feature map in memory of its own, as a slice of one with `spare` more channels on either side. All bytes begin as
/// 0xFF, which is not a number in f32 and bf16.
class FeatureMap {
 public:
  FeatureMap(KernelType type, int height, int width, int channels, int spare = 0, float scale = 1)
      : type_(type),
        height_(height),
        width_(width),
        channels_(channels),
        spare_(spare),
        scale_(scale),
        bytes(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
                  static_cast<std::size_t>(channels + 2 * spare) * static_cast<std::size_t>(element_bytes(type)),
              0xFF) {}

  int height() const { return height_; }
  int width() const { return width_; }
  int channels() const { return channels_; }
  KernelType type() const { return type_; }
  float scale() const { return scale_; }

  /// As the kernels are given it, from the row `first` on.
  Rows rows(int first = 0) const {
    return {at(first, 0, 0), type_, channels_, width_, pixel(), row(), first, height_, scale_};
  }
  RowsOut out(int first = 0) {
    return {
        const_cast<unsigned char*>(at(first, 0, 0)), type_, channels_, width_, pixel(), row(), first, height_, scale_};
  }

  double get(int y, int x, int c) const {
    const unsigned char* from = at(y, x, c);
    if (type_ == KernelType::u8) return *from * static_cast<double>(scale_);
    std::uint32_t bits = 0;
    if (type_ == KernelType::f32)
      std::memcpy(&bits, from, 4);
    else
      std::memcpy(reinterpret_cast<char*>(&bits) + 2, from, 2);
    return std::bit_cast<float>(bits);
  }

  /// Stores what these bits are as a number: 32, 16 or 8 of them.
  void set_bits(int y, int x, int c, std::uint32_t bits) {
    std::memcpy(const_cast<unsigned char*>(at(y, x, c)), &bits, static_cast<std::size_t>(element_bytes(type_)));
  }

  /// Numbers of about 1, in u8 any byte.
  FeatureMap& fill(unsigned seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        for (int c = 0; c < channels_; ++c) {
          const auto number = std::bit_cast<std::uint32_t>(normal(generator));
          set_bits(y, x, c, type_ == KernelType::bf16 ? number >> 16 : number);
        }
      }
    }
    return *this;
  }

  /// A map of which only these rows are as here.
  FeatureMap only(RowRange range) const {
    FeatureMap result = *this;
    const auto row_bytes = bytes.size() / static_cast<std::size_t>(height_);
    for (int y = 0; y < height_; ++y) {
      if (y < range.first || y >= range.last)
        std::memset(result.bytes.data() + static_cast<std::size_t>(y) * row_bytes, 0xFF, row_bytes);
    }
    return result;
  }

  bool operator==(const FeatureMap& other) const { return bytes == other.bytes; }

  /// Whether the channels on either side are as they began.
  bool spares_untouched() const {
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        const auto side = static_cast<std::size_t>(spare_ * element_bytes(type_));
        for (std::size_t i = 0; i < side; ++i) {
          if (at(y, x, -spare_)[i] != 0xFF || at(y, x, channels_)[i] != 0xFF) return false;
        }
      }
    }
    return true;
  }

 private:
  std::int64_t pixel() const { return channels_ + 2 * spare_; }
  std::int64_t row() const { return pixel() * width_; }
  const unsigned char* at(int y, int x, int c) const {
    return bytes.data() + (y * row() + x * pixel() + spare_ + c) * element_bytes(type_);
  }

  KernelType type_;
  int height_;
  int width_;
  int channels_;
  int spare_;
  float scale_;
  std::vector<unsigned char> bytes;
};

/// How far a stored number may lie from the true one that it was rounded from, `sum` being the sum of the sizes of the
/// terms that were added in f32.
inline double rounding(const FeatureMap& map, double value, double sum) {
  const double single = 4 * sum * 0x1p-24;
  if (map.type() == KernelType::f32) return single;
  if (map.type() == KernelType::bf16) return single + (std::abs(value) + single) * 0x1p-8;
  return single + 0.5 * map.scale() * (1 + 1e-5);
}

/// What u8 would hold of a value: it is neither negative nor above 255 * scale.
inline double representable(const FeatureMap& map, double value) {
  return map.type() == KernelType::u8 ? std::clamp(value, 0.0, 255.0 * map.scale()) : value;
}

}  // namespace throng
