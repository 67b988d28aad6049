#pragma once

#include <cstdint>

#include "synth/portable_math.h"

namespace throng::synth {

/// Colours are linear light, red green blue, 1 = a white surface. A display value v stands for v * v: close to sRGB and
/// exact on every machine.
inline Vec3 from_display(double red, double green, double blue) { return {red * red, green * green, blue * blue}; }
/// A display colour by hue, saturation and value in [0, 1]. Written with braces, so that values that are drawn by
/// chance are drawn in their order.
struct Hsv {
  double hue = 0;
  double saturation = 0;
  double value = 0;
};
Vec3 from_hsv(const Hsv& colour);

/// The colours of a solid's surface.
struct Paint {
  enum class Kind : std::uint8_t { plain, face, hair, cloth, facade, foliage, lettering };
  enum class Pattern : std::uint8_t { none, stripes, hoops, checks, front, print };

  Kind kind = Kind::plain;
  Pattern pattern = Pattern::none;  ///< of cloth
  Vec3 colour{0.5, 0.5, 0.5};
  Vec3 second{0.5, 0.5, 0.5};  ///< pattern, hair on the face, windows
  double scale = 1;            ///< of the pattern; of a facade: windows per half side
  std::uint32_t seed = 0;
  double soft = 0;  ///< how far light reaches round the surface: skin, leaves
  double gloss = 0;
  double glow = 0;  ///< light of its own: lamps, screens
  bool beard = false;
  bool glasses = false;
};

/// The surface's colour at `q`, the point in the solid's unit coordinates (x right, y front, z up). `footprint` is how
/// large a pixel is there: what is finer than that fades into its mean.
Vec3 paint_colour(const Paint& paint, const Vec3& q, double footprint);

}  // namespace throng::synth
