#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "infer/band.h"
#include "model/model_file.h"

namespace throng {

/// Fills rows of an image, [1, 3, n, W]: of fp32 or bf16 normalised, of u8 the picture's own bytes.
using ImageRows = std::function<void(const MapRows& rows)>;

/// The bytes nearest to zero once they are normalised, which stand for what lies beside a picture.
std::array<std::uint8_t, 3> mean_bytes(const Normalisation& normalisation);

}  // namespace throng
