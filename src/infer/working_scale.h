#pragma once

#include <cstdint>
#include <functional>

namespace throng {

/// A picture that can be counted at other sizes.
struct ScaleSearch {
  std::function<double(double factor)> count;     ///< people at `factor` times its size
  std::function<bool(double factor)> affordable;  ///< whether it can be counted there
};

/// At how many times its size a picture of so many pixels should be counted.
///
/// While heads are smaller than those that a network knows the count grows steeply with the picture; then it is nearly
/// the same over a range of sizes, and falls where heads are too large. So a picture is enlarged by steps of 1.41 as
/// long as one makes the count grow by a tenth, and two by a fifth: up to 4 times, up to the size of the pictures that
/// networks learn from, and up to one person on 100 pixels, beyond which more is seen than there is. A large one that
/// is not enlarged is shrunk while its count grows half as much, down to that size. Where next to nobody is seen
/// nothing is tried, and a growth of a few people is none: pictures without people stay as they are. Measured in
/// docs/results/generalisation.md.
double working_scale(std::int64_t pixels, const ScaleSearch& search);

/// Whether a picture of so many pixels is less than half, or more than twice, as large as those that networks learn
/// from.
bool unusual_size(std::int64_t pixels);

}  // namespace throng
