#include <algorithm>
#include <cmath>
#include <utility>

#include "core/draw.h"
#include "core/text.h"
#include "data/colour.h"
#include "data/noise.h"
#include "data/sample.h"
#include "image/blur.h"
#include "image/draw.h"
#include "image/mirror.h"
#include "image/resize.h"
#include "throng/error.h"

namespace throng {
namespace {

/// The index of each draw among those of one crop.
enum DrawIndex : std::uint64_t { kScale, kLeft, kTop, kFlip, kGrey, kBlur, kSigma, kNoise, kNoiseLevel, kGrain };

/// What of a picture the crop shows along one axis. The scaled picture's pixel grid is laid so that the crop's first
/// pixel begins exactly at the source pixel `source`: only that part of the picture needs to be resized.
struct Span {
  int source = 0;         ///< first pixel in the picture
  int source_length = 0;  ///< pixels of the picture
  int length = 0;         ///< pixels of the crop that they fill
  int offset = 0;         ///< of the crop in the scaled picture
  int scaled = 0;         ///< the scaled picture's length

  double ratio() const { return static_cast<double>(length) / source_length; }
  /// From the picture's to the crop's coordinates.
  double place(double coordinate) const { return (coordinate - source) * ratio(); }
};

Span choose_span(int picture, int crop, double scale, double chance) {
  Span span;
  span.source_length = std::max(1, static_cast<int>(std::lround(crop / scale)));
  span.length = crop;
  if (span.source_length >= picture) {
    span.source_length = picture;
    span.length = std::clamp(static_cast<int>(std::lround(picture * scale)), 1, crop);
  }
  span.source = static_cast<int>(chance * (picture - span.source_length + 1));
  span.offset = static_cast<int>(std::lround(span.source * span.ratio()));
  span.scaled = static_cast<int>(std::lround(picture * span.ratio()));
  return span;
}

double choose_scale(const AugmentConfig& augment, double chance) {
  if (augment.scale_low == augment.scale_high) return augment.scale_low;
  return std::exp(std::log(augment.scale_low) + chance * (std::log(augment.scale_high) - std::log(augment.scale_low)));
}

/// Mirrors a coordinate so that its pixel column c becomes width - 1 - c, for whole numbers too.
double mirror(double x, int width) {
  const double column = std::floor(x);
  return x > column ? width - x : width - 1 - x;
}

void mirror_map(std::vector<float>& map, int width) {
  for (auto row = map.begin(); row != map.end(); row += width) std::reverse(row, row + width);
}

Image cut(const Image& picture, const Span& columns, const Span& rows) {
  Image part = crop_image(picture, columns.source, rows.source, columns.source_length, rows.source_length);
  if (part.width == columns.length && part.height == rows.length) return part;
  return resize_image(part, columns.length, rows.length);
}

/// The picture's points in coordinates of the scaled picture.
std::vector<Point> scaled_points(const std::vector<Point>& points, const Span& columns, const Span& rows) {
  std::vector<Point> scaled;
  scaled.reserve(points.size());
  for (const Point& point : points) {
    scaled.push_back({columns.place(point.x) + columns.offset, rows.place(point.y) + rows.offset});
  }
  return scaled;
}

void fill_points(Crop& crop, const std::vector<Point>& scaled, const Span& columns, const Span& rows, bool flip) {
  for (const Point& point : scaled) {
    Point inside{point.x - columns.offset, point.y - rows.offset};
    if (!(inside.x >= 0 && inside.x < columns.length && inside.y >= 0 && inside.y < rows.length)) continue;
    if (flip) inside.x = mirror(inside.x, columns.length);
    crop.points.push_back(inside);
  }
}

/// Sums of a full-resolution map and of its squares over blocks.
struct BlockSums {
  std::vector<float> values;
  std::vector<float> squares;
};

/// Over the block x block squares of a crop of size x size, of which the map covers the valid part.
BlockSums block_sums(const Crop& crop, const std::vector<float>& map, int size, int block) {
  const int cells = size / block;
  std::vector<double> sums(static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells));
  std::vector<double> squares(sums.size());
  const float* value = map.data();
  for (int y = 0; y < crop.valid_height; ++y) {
    const std::size_t row = static_cast<std::size_t>(y / block) * static_cast<std::size_t>(cells);
    for (int x = 0; x < crop.valid_width; ++x, ++value) {
      const std::size_t cell = row + static_cast<std::size_t>(x / block);
      const double people = *value;
      sums[cell] += people;
      squares[cell] += people * people;
    }
  }
  return {{sums.begin(), sums.end()}, {squares.begin(), squares.end()}};
}

void fill_maps(Crop& crop, const std::vector<float>& map, int size, double foreground, bool half_grid) {
  BlockSums quarter = block_sums(crop, map, size, 4);
  crop.density = std::move(quarter.values);
  crop.density_squared = std::move(quarter.squares);
  std::vector<float> mask(map.size());
  std::transform(map.begin(), map.end(), mask.begin(), [&](float people) { return people > foreground ? 1.0F : 0.0F; });
  crop.foreground = block_sums(crop, mask, size, 4).values;
  for (float& share : crop.foreground) share /= 16;
  if (!half_grid) return;
  BlockSums half = block_sums(crop, map, size, 2);
  crop.half_density = std::move(half.values);
  crop.half_density_squared = std::move(half.squares);
}

void fill_pixels(Crop& crop, const Image& image, int size) {
  crop.rgb.assign(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3, 0);
  for (int y = 0; y < image.height; ++y) {
    std::copy_n(image.pixel(0, y), 3 * image.width, crop.rgb.begin() + static_cast<std::ptrdiff_t>(3) * y * size);
  }
}

}  // namespace

void validate(const AugmentConfig& augment) {
  if (augment.crop < 16 || augment.crop % 16 != 0) {
    throw Error(ErrorKind::usage, text("a training crop of ", augment.crop, " pixels; give a multiple of 16"));
  }
  if (!(augment.scale_low > 0 && augment.scale_low <= augment.scale_high)) {
    throw Error(ErrorKind::usage, text("pictures cannot be scaled by ", augment.scale_low, " to ", augment.scale_high,
                                       "; scale_low must be above 0 and not above scale_high"));
  }
}

Crop make_crop(const LabelledImage& picture, const AugmentConfig& augment, const DensityConfig& density,
               std::uint64_t seed, std::uint64_t epoch, std::uint64_t draw_id, bool half_grid) {
  validate(augment);
  const Draw draw(seed, "crop", epoch, draw_id);
  const int size = static_cast<int>(augment.crop);
  const double scale = choose_scale(augment, draw.uniform(kScale));
  const Span columns = choose_span(picture.image->width, size, scale, draw.uniform(kLeft));
  const Span rows = choose_span(picture.image->height, size, scale, draw.uniform(kTop));
  const bool flip = draw.uniform(kFlip) < augment.flip;

  Crop crop;
  crop.valid_width = columns.length;
  crop.valid_height = rows.length;

  Image image = cut(*picture.image, columns, rows);
  if (augment.colour > 0) change_colour(image, augment.colour, Draw(seed, "colour", epoch, draw_id));
  if (draw.uniform(kBlur) < augment.blur) image = blur_image(image, draw.uniform(kSigma, 0.3, 2));
  if (draw.uniform(kNoise) < augment.noise) {
    const double level = draw.uniform(kNoiseLevel, 2, 20);
    const bool grain = draw.uniform(kGrain) < 0.5;
    add_noise(image, grain ? level : 0, grain ? 0 : level, Draw(seed, "noise", epoch, draw_id));
  }
  if (draw.uniform(kGrey) < augment.grey) make_grey(image);
  if (flip) mirror_image(image);
  fill_pixels(crop, image, size);

  const std::vector<Point> scaled = scaled_points(picture.points, columns, rows);
  fill_points(crop, scaled, columns, rows, flip);
  const Window window{columns.offset, rows.offset, columns.length, rows.length};
  std::vector<float> map = density_map(scaled, columns.scaled, rows.scaled, window, density);
  if (flip) mirror_map(map, columns.length);
  fill_maps(crop, map, size, density.foreground, half_grid);
  return crop;
}

}  // namespace throng
