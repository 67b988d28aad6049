#pragma once

#include <cstdint>
#include <string>

#include "model/density_net.h"
#include "model/source_model.h"

namespace throng {

/// Gives `wide` weights with which it predicts what `narrow` does (Net2Net's wider layers: Chen, Goodfellow, Shlens
/// 2016), so that training can go on with more channels: a channel that `narrow` has is repeated, and what reads it
/// takes random shares of its copies that add up to one, by `seed`, so that copies learn different things.
/// The two differ in channels alone, nowhere fewer in `wide`. Throws Error(usage) where they differ otherwise, and for
/// networks that mix features; some layers of `wide` may have been written then, so it is good for nothing.
void widen(const DensityNet& narrow, DensityNet& wide, std::uint64_t seed);

/// The network of `config` with weights that widen() makes of `narrow`, and a card of that name which says so, without
/// what was measured of the narrow weights. Throws as widen().
LoadedModel widened(const SourceModel& narrow, const ModelConfig& config, const std::string& name, std::uint64_t seed);

}  // namespace throng
