#include "infer/predict.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text.h"
#include "kernels/openmp_threads.h"
#include "model/resize.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr int kChannels = 3;
constexpr int kByteValues = 256;

// What each byte value becomes in each channel.
using ByteTable = std::array<std::array<float, kByteValues>, kChannels>;

ByteTable normalised_bytes(const Normalisation& normalisation) {
  ByteTable table{};
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    for (std::size_t value = 0; value < kByteValues; ++value) {
      table[channel][value] = static_cast<float>((static_cast<double>(value) / 255.0 - normalisation.mean[channel]) /
                                                 normalisation.deviation[channel]);
    }
  }
  return table;
}

}  // namespace

void check_image(const Image& image) {
  const auto expected = static_cast<std::size_t>(std::max(image.width, 0)) *
                        static_cast<std::size_t>(std::max(image.height, 0)) * kChannels;
  if (image.width < 1 || image.height < 1 || image.rgb.size() != expected) {
    throw Error(ErrorKind::input, text("an image of ", image.width, " x ", image.height, " pixels with ",
                                       image.rgb.size(), " bytes of RGB cannot be counted: it needs 3 bytes a pixel"));
  }
}

GridSize network_size(int width, int height) {
  return {.height = std::max(height, kSmallestSide), .width = std::max(width, kSmallestSide)};
}

std::array<std::uint8_t, kChannels> mean_bytes(const Normalisation& normalisation) {
  std::array<std::uint8_t, kChannels> bytes{};
  for (std::size_t channel = 0; channel < kChannels; ++channel)
    bytes[channel] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(normalisation.mean[channel], 0.0, 1.0)));
  return bytes;
}

namespace {

// A picture that is smaller than networks take lies in the corner of one without contrast.
void copy_bytes(const Image& image, const Normalisation& normalisation, const MapRows& rows) {
  auto* const out = rows.values.data_ptr<std::uint8_t>();
  const std::int64_t row_length = rows.values.size(3) * kChannels;
  if (image.width < kSmallestSide || image.height < kSmallestSide) {
    const auto border = mean_bytes(normalisation);
    for (std::int64_t i = 0; i < rows.count() * row_length; ++i)
      out[i] = border[static_cast<std::size_t>(i % kChannels)];
  }
  const int last = std::min(rows.first + rows.count(), image.height);
  for (int y = rows.first; y < last; ++y)
    std::copy_n(image.pixel(0, y), std::int64_t{image.width} * kChannels, out + (y - rows.first) * row_length);
}

}  // namespace

ImageRows image_rows(const Image& image, const Normalisation& normalisation) {
  check_image(image);
  return [&image, &normalisation, table = normalised_bytes(normalisation)](const MapRows& rows) {
    if (rows.values.scalar_type() == at::kByte) return copy_bytes(image, normalisation, rows);
    if (image.width < kSmallestSide || image.height < kSmallestSide) rows.values.zero_();
    const int last = std::min(rows.first + rows.count(), image.height);
    AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, rows.values.scalar_type(), "image_rows", [&] {
      auto* const out = rows.values.data_ptr<scalar_t>();
      const std::int64_t row_length = rows.values.size(3) * kChannels;
      on_openmp_threads(last - rows.first, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t y = rows.first + begin; y < rows.first + end; ++y) {
          const std::uint8_t* from = image.pixel(0, static_cast<int>(y));
          scalar_t* to = out + (y - rows.first) * row_length;
          for (int x = 0; x < image.width; ++x, from += kChannels, to += kChannels) {
            for (std::size_t channel = 0; channel < kChannels; ++channel) to[channel] = table[channel][from[channel]];
          }
        }
      });
    });
  };
}

at::Tensor image_tensor(const Image& image, const Normalisation& normalisation) {
  const ImageRows rows = image_rows(image, normalisation);
  const GridSize size = network_size(image.width, image.height);
  const auto options = at::TensorOptions().dtype(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast);
  at::Tensor tensor = at::empty({1, kChannels, size.height, size.width}, options);
  rows({.values = tensor, .first = 0, .height = size.height});
  return tensor;
}

GridCount count_final_map(const at::Tensor& map, double density_scale, int height, int width) {
  const at::Tensor values = map.to(at::kCPU).to(at::kFloat).contiguous();
  GridCount counted;
  counted.grid.height = static_cast<int>(values.size(2));
  counted.grid.width = static_cast<int>(values.size(3));
  counted.grid.values.resize(static_cast<std::size_t>(values.numel()));

  const auto rows = nearest_repeats(counted.grid.height, std::max(height, kSmallestSide), height);
  const auto columns = nearest_repeats(counted.grid.width, std::max(width, kSmallestSide), width);
  const float* density = values.const_data_ptr<float>();
  auto cell = counted.grid.values.begin();
  for (const float row : rows) {
    for (const float column : columns) {
      *cell = static_cast<float>(static_cast<double>(*density++) * row * column / density_scale);
      counted.count += *cell++;
    }
  }
  return counted;
}

GridCount count_on_grid(const DensityNet& net, const ModelCard& card, const Image& image, const at::Device& device) {
  const at::NoGradGuard no_gradients;
  const Prediction prediction = net.forward(image_tensor(image, card.normalisation).to(device));
  return count_final_map(prediction.final_map(), card.density_scale, image.height, image.width);
}

}  // namespace throng
