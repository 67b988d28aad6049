#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "infer/image_rows.h"
#include "infer/layers/convolutions.h"
#include "infer/onednn.h"
#include "kernels/int8_convolution.h"
#include "kernels/openmp_threads.h"

namespace throng {

namespace {

constexpr std::int64_t kColours = 3;

// The bytes of a window's row, up to a multiple of what one instruction takes.
std::int64_t row_bytes(const ConvSpec& spec) { return (kColours * spec.kernel + 3) / 4 * 4; }

// What bytes are multiplied with instead of (byte / 255 - mean) / deviation.
at::Tensor weight_of_bytes(const ConvBlock& block, const Normalisation& picture) {
  const at::Tensor deviation = at::tensor(picture.deviation, at::kDouble).view({1, kColours, 1, 1});
  return (block.weight.to(at::kDouble) / (255 * deviation)).to(at::kFloat);
}

// The means, which go into the bias, are multiplied with the rounded weights: what is as bright as the mean gives the
// bias alone, as it should.
at::Tensor bias_with_means(const ConvBlock& block, const Int8Weights& weights, const Normalisation& picture) {
  const at::Tensor means = 255 * at::tensor(picture.mean, at::kDouble).view({1, kColours, 1, 1});
  const at::Tensor taken =
      (weights.steps.to(at::kDouble) * means).sum(at::IntArrayRef{1, 2, 3}) * weights.scales.to(at::kDouble);
  return ((block.bias.defined() ? block.bias.to(at::kDouble) : at::zeros_like(taken)) - taken).to(at::kFloat);
}

// The steps as [out][row][bytes of the row].
at::Tensor by_rows(const at::Tensor& steps, const ConvSpec& spec) {
  const at::Tensor bytes = steps.permute({0, 2, 3, 1}).reshape({spec.out, spec.kernel, kColours * spec.kernel});
  return at::constant_pad_nd(bytes, {0, row_bytes(spec) - kColours * spec.kernel}).contiguous();
}

// Each row of the window lies in neighbouring bytes of the picture, and counts as one pixel with that many channels.
class PictureConvolution final : public Layer {
 public:
  PictureConvolution(const ConvBlock& block, const Int8Weights& weights, const Normalisation& picture)
      : spec_(block.spec()),
        border_(mean_bytes(picture)),
        convolution_(
            {.in = static_cast<int>(row_bytes(spec_)),
             .out = static_cast<int>(spec_.out),
             .rows = static_cast<int>(spec_.kernel),
             .columns = 1,
             .row_stride = static_cast<int>(spec_.stride)},
            by_rows(weights.steps, spec_).const_data_ptr<std::int8_t>(), weights.scales.const_data_ptr<float>(),
            bias_with_means(block, weights, picture).const_data_ptr<float>(), spec_.activation == Activation::relu) {}

  void run(std::span<const MapRows> inputs, const MapRows& output) const override {
    const MapRows& picture = inputs[0];
    const at::Tensor rows = with_borders(picture);
    const Rows in{.data = rows.const_data_ptr<std::uint8_t>(),
                  .type = KernelType::u8,
                  .channels = static_cast<int>(row_bytes(spec_)),
                  .width = static_cast<int>(output.values.size(3)),
                  .pixel_stride = kColours * spec_.stride,
                  .row_stride = rows.size(1),
                  .first = 0,
                  .height = picture.count()};
    convolution_.run(in, nullptr, rows_out_of(output), output.count(), on_openmp_threads);
  }

  std::string kernel() const override { return "VNNI"; }

 private:
  // The rows between columns, and above and below the picture rows, that are worth zero once normalised.
  at::Tensor with_borders(const MapRows& picture) const {
    const std::int64_t side = kColours * spec_.padding, inner = kColours * picture.values.size(3);
    // The last window may reach beyond its row by the bytes that fill an instruction.
    const std::int64_t length = side + inner + side + row_bytes(spec_);
    const at::Tensor rows = at::empty({picture.count(), length}, at::kByte);
    auto* const to = rows.mutable_data_ptr<std::uint8_t>();
    const auto* const from = picture.values.const_data_ptr<std::uint8_t>();
    on_openmp_threads(picture.count(), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        std::uint8_t* const row = to + i * length;
        const std::int64_t y = picture.first + i;
        const bool inside = y >= 0 && y < picture.height;
        fill(row, row + (inside ? side : length));
        if (!inside) continue;
        std::memcpy(row + side, from + i * inner, static_cast<std::size_t>(inner));
        fill(row + side + inner, row + length);
      }
    });
    return rows;
  }

  // With whole pixels, the last of which may be cut off.
  void fill(std::uint8_t* begin, const std::uint8_t* end) const {
    for (std::size_t colour = 0; begin != end; colour = (colour + 1) % border_.size()) *begin++ = border_[colour];
  }

  ConvSpec spec_;
  std::array<std::uint8_t, kColours> border_;
  Int8Convolution convolution_;
};

}  // namespace

bool suits_picture_bytes(const ConvBlock& block, const Normalisation& picture) {
  const ConvSpec& spec = block.spec();
  const auto is_byte = [](double mean) { return mean >= 0 && mean <= 1; };
  return Int8Convolution::supported() && spec.in == kColours && spec.dilation == 1 &&
         std::ranges::all_of(picture.mean, is_byte);
}

std::unique_ptr<Layer> make_picture_convolution_layer(const ConvBlock& block, const EdgeTypes& types) {
  const Int8Weights weights = to_int8(weight_of_bytes(block, *types.picture), {});
  return std::make_unique<PictureConvolution>(block, weights, *types.picture);
}

}  // namespace throng
