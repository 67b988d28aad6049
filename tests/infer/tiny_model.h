#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/draw.h"
#include "model/density_net.h"
#include "model/model_file.h"
#include "throng/image.h"
#include "weights/tensor_file.h"

namespace throng {

/// A network with a twentieth of the decoder's and gates' channels; its counts mean nothing and are not zero.
inline LoadedModel tiny_model(const std::string& encoder = "resnet18", std::uint64_t seed = 1) {
  ModelCard card;
  card.name = "tiny-" + encoder;
  card.model.encoder = encoder;
  card.model.width = 0.05;
  card.model.init = "kaiming";
  DensityNet net(card.model);
  initialise(net, seed);
  return {std::move(net), std::move(card)};
}

inline std::filesystem::path save_tiny_model(const std::filesystem::path& path, std::uint64_t seed = 1) {
  LoadedModel model = tiny_model("resnet18", seed);
  write_safetensors(model_to_file(model.net, model.card, StoredPrecision::fp16), path);
  return path;
}

/// Smooth colours with noise, another picture for each seed.
inline Image noisy_picture(int width, int height, std::uint64_t seed = 1) {
  Image image{width, height, std::vector<std::uint8_t>(3 * static_cast<std::size_t>(width) * height)};
  const Draw draw(seed, "picture");
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const auto index = static_cast<std::uint64_t>((y * width + x) * 3 + c);
        image.pixel(x, y)[c] = static_cast<std::uint8_t>((x * (c + 1) + y * 2 + draw.integer(index, 100)) % 256);
      }
    }
  }
  return image;
}

}  // namespace throng
