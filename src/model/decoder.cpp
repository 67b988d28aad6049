#include "model/decoder.h"

#include <ATen/core/Tensor.h>

#include "core/text.h"
#include "model/features.h"
#include "model/trunk.h"
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
  return concat({skip, resize_bilinear_like(coarse, skip, resize)});
}

}  // namespace

Decoder::Decoder(const ModelConfig& config, std::array<std::int64_t, 3> encoder)
    : resize_(parse_resize_mode(config.resize)) {
  const DecoderConfig& decoder = config.decoder;
  if (decoder.block4.empty() && !decoder.block5.empty())
    throw Error(ErrorKind::usage, "model.decoder.block5 needs a block4 to stand above");
  struct Part {
    const char* key;
    const std::vector<std::int64_t>* widths;
    std::int64_t skip;
  };
  std::vector<Part> parts = {{"block1", &decoder.block1, encoder[0]},
                             {"block2", &decoder.block2, encoder[1]},
                             {"block3", &decoder.block3, encoder[2]}};
  if (!decoder.block4.empty()) parts.push_back({"block4", &decoder.block4, encoder[2]});
  if (!decoder.block5.empty()) parts.push_back({"block5", &decoder.block5, encoder[2]});

  blocks_.resize(parts.size());
  std::int64_t coarser = 0;
  for (std::size_t i = parts.size(); i-- > 0;) {
    blocks_[i] = make_block(parts[i].skip + coarser, *parts[i].widths, config.width, parts[i].key);
    coarser = blocks_[i].back().spec().out;
  }
}

std::vector<at::Tensor> Decoder::forward(const EncoderTaps& taps) const {
  std::vector<at::Tensor> skips = {taps.quarter, taps.eighth, taps.sixteenth};
  // Rounded up, so that even one cell has something coarser.
  while (skips.size() < blocks_.size()) skips.push_back(max_pool(skips.back(), {.round_up = true}));
  std::vector<at::Tensor> out(blocks_.size());
  for (std::size_t i = blocks_.size(); i-- > 0;) {
    const bool coarsest = i + 1 == blocks_.size();
    out[i] = run_chain(blocks_[i], coarsest ? skips[i] : with_skip(skips[i], out[i + 1], resize_));
  }
  return out;
}

std::vector<std::int64_t> Decoder::channels() const {
  std::vector<std::int64_t> channels;
  for (const auto& block : blocks_) channels.push_back(block.back().spec().out);
  return channels;
}

void Decoder::visit(const BlockVisitor& visit) {
  for (std::size_t i = blocks_.size(); i-- > 0;) visit_chain(blocks_[i], text("decoder.block", i + 1), visit);
}

}  // namespace throng
