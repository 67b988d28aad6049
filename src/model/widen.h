#pragma once

#include <cstdint>

#include "model/density_net.h"

namespace throng {

/// Gives `wide` weights with which it predicts what `narrow` does (Net2Net's wider layers: Chen, Goodfellow, Shlens
/// 2016), so that training can go on with more channels: a channel that `narrow` has is repeated, and what reads it
/// takes random shares of its copies that add up to one, by `seed`, so that copies learn different things.
/// The two differ in channels alone, nowhere fewer in `wide`. Throws Error(usage) where they differ otherwise, and for
/// networks that mix features.
void widen(DensityNet& narrow, DensityNet& wide, std::uint64_t seed);

}  // namespace throng
