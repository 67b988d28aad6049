#include "data/importers/dots.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/text.h"
#include "throng/error.h"
#include "throng/image.h"

namespace throng {
namespace {

/// Which pixels are light, [height, width].
std::vector<bool> light_pixels(const Image& image) {
  constexpr std::uint8_t kLight = 128;
  std::vector<bool> light(image.rgb.size() / 3);
  for (std::size_t i = 0; i < light.size(); ++i) {
    light[i] = std::max({image.rgb[3 * i], image.rgb[3 * i + 1], image.rgb[3 * i + 2]}) >= kLight;
  }
  return light;
}

using Dot = std::vector<std::pair<int, int>>;  ///< its pixels (x, y)

/// Takes the dot that a light pixel belongs to (corners touch too) out of the picture.
Dot take_dot(std::vector<bool>& light, int width, int height, int x, int y) {
  Dot dot = {{x, y}};
  const auto index = [width](int column, int row) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column);
  };
  light[index(x, y)] = false;
  for (std::size_t i = 0; i < dot.size(); ++i) {
    const auto [at_x, at_y] = dot[i];
    for (int row = std::max(0, at_y - 1); row <= std::min(height - 1, at_y + 1); ++row) {
      for (int column = std::max(0, at_x - 1); column <= std::min(width - 1, at_x + 1); ++column) {
        if (!light[index(column, row)]) continue;
        light[index(column, row)] = false;
        dot.emplace_back(column, row);
      }
    }
  }
  return dot;
}

/// The mean of the pixels' centres.
Point centre(const Dot& dot) {
  Point sum;
  for (const auto& [x, y] : dot) sum = {sum.x + x + 0.5, sum.y + y + 0.5};
  const auto count = static_cast<double>(dot.size());
  return {sum.x / count, sum.y / count};
}

}  // namespace

std::vector<Point> read_dots(const std::filesystem::path& path) {
  const Image image = load_image(path);
  std::vector<bool> light = light_pixels(image);
  if (2 * std::ranges::count(light, true) > std::ssize(light)) {
    throw Error(ErrorKind::input, text(path.string(),
                                       " is no picture of dots: more than half of it is light; expected "
                                       "light dots on black"));
  }
  std::vector<Dot> dots;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const auto index =
          static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x);
      if (light[index]) dots.push_back(take_dot(light, image.width, image.height, x, y));
    }
  }
  // Two single pixels may touch; a brush leaves more.
  const auto small = std::ranges::count_if(dots, [](const Dot& dot) { return dot.size() <= 2; });
  const bool of_pixels = 2 * small > std::ssize(dots);
  std::vector<Point> points;
  for (const Dot& dot : dots) {
    if (!of_pixels) {
      points.push_back(centre(dot));
    } else {
      for (const auto& [x, y] : dot) points.push_back({x + 0.5, y + 0.5});
    }
  }
  return points;
}

}  // namespace throng
