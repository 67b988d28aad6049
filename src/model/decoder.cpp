#include "model/decoder.h"

#include <ATen/ATen.h>

#include "core/text.h"
#include "model/density_net.h"
#include "throng/error.h"

namespace throng {

namespace {

std::vector<ConvBlock> make_block(std::int64_t in, const std::vector<std::int64_t>& widths, double width,
                                  const char* key) {
  if (widths.empty())
    throw Error(ErrorKind::usage, text("model.decoder.", key, " is empty: give channels, like [256, 128]"));
  std::vector<ConvBlock> block;
  for (const std::int64_t channels : widths) {
    if (channels < 1)
      throw Error(ErrorKind::usage, text("model.decoder.", key, " has ", channels, " channels: use 1 or more"));
    block.emplace_back(ConvSpec{.in = in, .out = scaled_channels(channels, width)});
    in = block.back().spec().out;
  }
  return block;
}

at::Tensor with_skip(const at::Tensor& skip, const at::Tensor& coarse, ResizeMode resize) {
  return at::cat({skip, resize_bilinear(coarse, skip.size(2), skip.size(3), resize)}, 1);
}

}  // namespace

Decoder::Decoder(const ModelConfig& config, std::array<std::int64_t, 3> encoder)
    : resize_(parse_resize_mode(config.resize)) {
  block3_ = make_block(encoder[2], config.decoder.block3, config.width, "block3");
  channels_[2] = block3_.back().spec().out;
  block2_ = make_block(encoder[1] + channels_[2], config.decoder.block2, config.width, "block2");
  channels_[1] = block2_.back().spec().out;
  block1_ = make_block(encoder[0] + channels_[1], config.decoder.block1, config.width, "block1");
  channels_[0] = block1_.back().spec().out;
}

DecoderTaps Decoder::forward(const EncoderTaps& taps) const {
  DecoderTaps out;
  out.sixteenth = run_chain(block3_, taps.sixteenth);
  out.eighth = run_chain(block2_, with_skip(taps.eighth, out.sixteenth, resize_));
  out.quarter = run_chain(block1_, with_skip(taps.quarter, out.eighth, resize_));
  return out;
}

void Decoder::visit(const BlockVisitor& visit) {
  visit_chain(block3_, "decoder.block3", visit);
  visit_chain(block2_, "decoder.block2", visit);
  visit_chain(block1_, "decoder.block1", visit);
}

}  // namespace throng
