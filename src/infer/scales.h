#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// Whether a picture counted at so many times its size was counted at its own size alone.
bool is_own_size(std::span<const double> factors);

/// At how many times its size a picture is counted: CounterOptions::scale, read.
struct Scales {
  bool automatic = false;
  std::vector<double> factors = {1};  ///< where not automatic

  bool own_size() const { return !automatic && is_own_size(factors); }
};

/// "auto", "2" or "1,0.71". Throws Error(usage) for what is no factor from 0.1 to 4 and for more than eight.
Scales parse_scales(std::string_view words);

/// "1 0.71"
std::string scales_text(std::span<const double> factors, std::string_view separator = " ");

}  // namespace throng
