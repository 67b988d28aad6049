#pragma once

#include <vector>

#include "image/image_size.h"
#include "throng/counter.h"

namespace throng {

/// What was counted in a picture of that size, which may have been mirrored, on the grid of a network.
struct CountedGrid {
  double count = 0;
  DensityMap grid;
  ImageSize seen;
  bool mirrored = false;
};

/// Cells along one side of a picture: each covers so many pixels of it, from the left or the top. The last covers what
/// is left of the side, be it less or more.
struct CellSide {
  double length = 0;  ///< pixels of the picture
  int cells = 0;      ///< that people can be in
  int padded = 0;     ///< with those behind the picture
  int picture = 0;    ///< the picture's side, pixels

  bool operator==(const CellSide&) const = default;
};

/// The grid of a picture that was counted at one size or several, perhaps mirrored: CountResult::grid.
///
/// It has the cells of the first count, but none smaller than a pixel. Networks take no side below 16 pixels. Where the
/// picture was counted at another size, cells along such a side of it are its pixels, padded to 16, as
/// CountResult::per_pixel wants them; those along such a side of the copy are the copy's pixels. Sums stay.
class FittedGrid {
 public:
  FittedGrid(CountedGrid first, ImageSize picture);

  void add(const CountedGrid& other);
  /// What was added, divided by the number of counts.
  DensityMap mean() &&;

 private:
  CellSide columns_;
  CellSide rows_;
  DensityMap sum_;
  int counts_ = 0;
};

}  // namespace throng
