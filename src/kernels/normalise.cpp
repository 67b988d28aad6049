#include "kernels/normalise.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/bf16_words.h"

namespace throng {
namespace {

constexpr std::int64_t kChunk = 512;  // pixels whose sums are made by one thread, in single precision

THRONG_CLONES
void add_values(const std::uint16_t* x, std::int64_t pixels, std::int64_t channels, float* __restrict sums) {
  for (; pixels > 0; --pixels, x += channels) {
    for (std::int64_t c = 0; c < channels; ++c) sums[c] += widened(x[c]);
  }
}

THRONG_CLONES
void add_squares(const std::uint16_t* x, std::int64_t pixels, std::int64_t channels, const float* mean,
                 float* __restrict sums) {
  for (; pixels > 0; --pixels, x += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float difference = widened(x[c]) - mean[c];
      sums[c] += difference * difference;
    }
  }
}

THRONG_CLONES
void apply(const std::uint16_t* x, std::int64_t pixels, std::int64_t channels, const float* scale, const float* shift,
           float least, std::uint16_t* __restrict out) {
  for (; pixels > 0; --pixels, x += channels, out += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = widened(x[c]) * scale[c] + shift[c];
      out[c] = rounded_to_bf16(value > least ? value : least);
    }
  }
}

THRONG_CLONES
void add_gradients(const std::uint16_t* x, const std::uint16_t* gradient, std::int64_t pixels, std::int64_t channels,
                   const float* scale, const float* shift, float least, float* __restrict sums,
                   float* __restrict products) {
  for (; pixels > 0; --pixels, x += channels, gradient += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = widened(x[c]);
      const float slope = value * scale[c] + shift[c] > least ? widened(gradient[c]) : 0.0F;
      sums[c] += slope;
      products[c] += slope * value;
    }
  }
}

THRONG_CLONES
void apply_gradient(const std::uint16_t* x, const std::uint16_t* gradient, std::int64_t pixels, std::int64_t channels,
                    const ScaledRelu& function, float least, const NormGradient& norm, std::uint16_t* __restrict out) {
  for (; pixels > 0; --pixels, x += channels, gradient += channels, out += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float value = widened(x[c]);
      const float slope = value * function.scale[c] + function.shift[c] > least ? widened(gradient[c]) : 0.0F;
      out[c] = rounded_to_bf16(norm.by_gradient[c] * slope + norm.by_x[c] * value + norm.constant[c]);
    }
  }
}

float least_of(const ScaledRelu& function) { return function.relu ? 0.0F : -std::numeric_limits<float>::infinity(); }

// Calls `add` with each chunk's pixels and a row of `numbers` sums that begin at zero; gives the rows' total.
template <class Add>
std::vector<double> chunked_sums(const PixelShape& shape, std::int64_t numbers, const Add& add,
                                 const ParallelFor& parallel) {
  const std::int64_t chunks = (shape.pixels + kChunk - 1) / kChunk;
  std::vector<float> sums(static_cast<std::size_t>(chunks * numbers));
  parallel(chunks, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t chunk = begin; chunk < end; ++chunk) {
      add(chunk * kChunk, std::min(kChunk, shape.pixels - chunk * kChunk), sums.data() + chunk * numbers);
    }
  });
  std::vector<double> totals(static_cast<std::size_t>(numbers));
  for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
    for (std::int64_t i = 0; i < numbers; ++i) totals[i] += static_cast<double>(sums[chunk * numbers + i]);
  }
  return totals;
}

void for_chunks(const PixelShape& shape, const ParallelFor& parallel,
                const std::function<void(std::int64_t first, std::int64_t count)>& work) {
  const std::int64_t chunks = (shape.pixels + kChunk - 1) / kChunk;
  parallel(chunks, [&](std::int64_t begin, std::int64_t end) {
    const std::int64_t first = begin * kChunk;
    work(first, std::min(shape.pixels, end * kChunk) - first);
  });
}

}  // namespace

void channel_moments(const std::uint16_t* x, const PixelShape& shape, float* mean, float* variance,
                     const ParallelFor& parallel) {
  const std::int64_t channels = shape.channels;
  const auto pixels = static_cast<double>(shape.pixels);
  const auto values = [&](std::int64_t first, std::int64_t count, float* sums) {
    add_values(x + first * channels, count, channels, sums);
  };
  const std::vector<double> sums = chunked_sums(shape, channels, values, parallel);
  for (std::int64_t c = 0; c < channels; ++c) mean[c] = static_cast<float>(sums[c] / pixels);
  const auto squares = [&](std::int64_t first, std::int64_t count, float* sums) {
    add_squares(x + first * channels, count, channels, mean, sums);
  };
  const std::vector<double> spread = chunked_sums(shape, channels, squares, parallel);
  for (std::int64_t c = 0; c < channels; ++c) variance[c] = static_cast<float>(spread[c] / pixels);
}

void scaled_relu(const std::uint16_t* x, const PixelShape& shape, const ScaledRelu& function, std::uint16_t* out,
                 const ParallelFor& parallel) {
  for_chunks(shape, parallel, [&](std::int64_t first, std::int64_t count) {
    apply(x + first * shape.channels, count, shape.channels, function.scale, function.shift, least_of(function),
          out + first * shape.channels);
  });
}

void scaled_relu_sums(const std::uint16_t* x, const std::uint16_t* gradient, const PixelShape& shape,
                      const ScaledRelu& function, float* sum, float* sum_of_products, const ParallelFor& parallel) {
  const std::int64_t channels = shape.channels;
  const auto add = [&](std::int64_t first, std::int64_t count, float* sums) {
    add_gradients(x + first * channels, gradient + first * channels, count, channels, function.scale, function.shift,
                  least_of(function), sums, sums + channels);
  };
  const std::vector<double> sums = chunked_sums(shape, 2 * channels, add, parallel);
  for (std::int64_t c = 0; c < channels; ++c) {
    sum[c] = static_cast<float>(sums[c]);
    sum_of_products[c] = static_cast<float>(sums[channels + c]);
  }
}

void scaled_relu_gradient(const std::uint16_t* x, const std::uint16_t* gradient, const PixelShape& shape,
                          const ScaledRelu& function, const NormGradient& norm, std::uint16_t* out,
                          const ParallelFor& parallel) {
  for_chunks(shape, parallel, [&](std::int64_t first, std::int64_t count) {
    const std::int64_t at = first * shape.channels;
    apply_gradient(x + at, gradient + at, count, shape.channels, function, least_of(function), norm, out + at);
  });
}

}  // namespace throng
