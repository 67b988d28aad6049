#pragma once

#include "synth/portable_math.h"

namespace throng::synth {

/// The ground: a plane that rises away from the camera (0 = level; stands rise by 0.2 to 0.6 m a metre).
/// World axes: x to the right, y away from the camera, z up; metres.
struct Terrain {
  double slope = 0;

  double height(double y) const { return slope * y; }
  Vec3 normal() const { return unit({0, -slope, 1}); }
};

/// A pinhole camera above (0, 0).
class Camera {
 public:
  struct View {
    double height = 6;   ///< metres above the ground below it
    double pitch = 0.3;  ///< radians downwards
    double roll = 0;     ///< radians
    double focal = 900;  ///< pixels
    int width = 0;       ///< of the picture, pixels
    int picture_height = 0;
  };

  explicit Camera(const View& view);

  struct Projection {
    double x = 0;  ///< pixels
    double y = 0;
    double depth = 0;  ///< metres along the optical axis; nothing is visible at or below 0
  };
  Projection project(const Vec3& p) const;

  /// The ray through a pixel position, with length 1 along the optical axis: position + depth * ray is a point.
  Vec3 ray(double x, double y) const { return right_ * normal_x(x) + down_ * normal_y(y) + forward_; }
  double normal_x(double x) const { return (x - centre_x_) / focal_; }
  double normal_y(double y) const { return (y - centre_y_) / focal_; }
  double pixel_x(double normalised) const { return normalised * focal_ + centre_x_; }
  double pixel_y(double normalised) const { return normalised * focal_ + centre_y_; }

  /// Depth at which the ray through a pixel meets the terrain lifted by `lift` metres; negative when it never does.
  double depth_of_ground(double x, double y, const Terrain& terrain, double lift = 0) const;

  const Vec3& position() const { return position_; }
  const Vec3& right() const { return right_; }
  const Vec3& down() const { return down_; }
  const Vec3& forward() const { return forward_; }
  double focal() const { return focal_; }
  int width() const { return width_; }
  int height() const { return height_; }

 private:
  Vec3 position_;
  Vec3 right_;
  Vec3 down_;
  Vec3 forward_;
  double focal_;
  double centre_x_;
  double centre_y_;
  int width_;
  int height_;
};

}  // namespace throng::synth
