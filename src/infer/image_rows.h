#pragma once

#include <functional>

#include "infer/band.h"

namespace throng {

/// Fills rows of a normalised image, [1, 3, n, W] of fp32 or bf16.
using ImageRows = std::function<void(const MapRows& rows)>;

}  // namespace throng
