#pragma once

#include <cstddef>
#include <exception>
#include <span>
#include <string>

#include "cli/counting.h"

namespace throng {

/// A picture on its way through a counter.
struct PictureToCount {
  std::string path;
  Image image = {};
  std::exception_ptr problem = {};  ///< why it could not be loaded or counted
  CountedImage counted = {};        ///< where there is none
};

/// How many pictures to count at a time: a GPU takes those of one size together, a CPU's cores share each.
std::size_t pictures_at_once(const Counter& counter);

/// Counts the pictures that have no problem so far. Each gets its result, and an equal share of the seconds that all
/// took, or a problem of its own. Where it is to be known where the time goes, they are counted one by one.
void count_together(const Counter& counter, std::span<PictureToCount> pictures, bool profiled);

}  // namespace throng
