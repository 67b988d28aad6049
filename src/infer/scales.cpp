#include "infer/scales.h"

#include <cstddef>
#include <string>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr double kLeast = 0.1;
constexpr double kMost = 4;
constexpr std::size_t kMostFactors = 8;

double parse_factor(std::string_view word) {
  double factor = 0;
  if (!parse_number(trim(word), factor)) {
    throw Error(ErrorKind::usage,
                text("'", word, "' is not a scale: give a factor such as 2, several such as 1,0.71, or auto"));
  }
  if (factor < kLeast || factor > kMost) {
    throw Error(ErrorKind::usage, text("a scale of ", factor, " is not possible: pictures are counted at ", kLeast,
                                       " to ", kMost, " times their size"));
  }
  return factor;
}

}  // namespace

Scales parse_scales(std::string_view words) {
  if (trim(words) == "auto") return {.automatic = true, .factors = {}};
  Scales scales{.factors = {}};
  for (const std::string& word : split(words, ',')) scales.factors.push_back(parse_factor(word));
  if (scales.factors.size() > kMostFactors) {
    throw Error(ErrorKind::usage, text(scales.factors.size(), " scales are too many: give ", kMostFactors, " at most"));
  }
  return scales;
}

bool is_own_size(std::span<const double> factors) { return factors.size() == 1 && factors.front() == 1; }

std::string scales_text(std::span<const double> factors, std::string_view separator) {
  std::vector<std::string> words;
  for (const double factor : factors) words.push_back(text(factor));
  return join(words, separator);
}

}  // namespace throng
