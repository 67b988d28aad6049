#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "synth/camera.h"
#include "synth/solid.h"

namespace throng::synth {

inline constexpr std::uint32_t kNoSolid = 0xffffffffU;

/// Which solid each sample of the picture sees, and how far away: `samples` x `samples` samples a pixel.
class DepthBuffer {
 public:
  DepthBuffer(int picture_width, int picture_height, int samples)
      : samples_(samples),
        width_(picture_width * samples),
        height_(picture_height * samples),
        depth_(static_cast<std::size_t>(width_) * height_, std::numeric_limits<float>::max()),
        solid_(depth_.size(), kNoSolid) {}

  int samples() const { return samples_; }
  int width() const { return width_; }
  int height() const { return height_; }
  std::size_t at(int i, int j) const { return static_cast<std::size_t>(j) * width_ + static_cast<std::size_t>(i); }
  float depth(std::size_t index) const { return depth_[index]; }
  std::uint32_t solid(std::size_t index) const { return solid_[index]; }

  void put(std::size_t index, float depth, std::uint32_t solid) {
    if (depth < depth_[index]) {
      depth_[index] = depth;
      solid_[index] = solid;
    }
  }

 private:
  int samples_;
  int width_;
  int height_;
  std::vector<float> depth_;
  std::vector<std::uint32_t> solid_;
};

/// Draws one solid under the index that `index` gives it.
void draw_solid(DepthBuffer& buffer, const Camera& camera, const Solid& solid, std::uint32_t index);

/// How much of a head can be seen.
struct HeadView {
  std::int64_t total = 0;    ///< samples that its outline covers, inside the picture or not
  std::int64_t visible = 0;  ///< of these, inside the picture and nearer than what was drawn before
  double share() const { return total > 0 ? static_cast<double>(visible) / static_cast<double>(total) : 0; }
};

/// Compares the solids marked as head with what has been drawn so far; draws nothing.
HeadView look_at_head(const DepthBuffer& buffer, const Camera& camera, std::span<const Solid> solids);

}  // namespace throng::synth
