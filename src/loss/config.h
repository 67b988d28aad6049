#pragma once

#include <string>

#include "core/config.h"

namespace throng {

/// The training loss (Eq. 7). `convention` sets what the paper's text or the released code does; every field that says
/// "convention" can be set on its own.
struct LossConfig {
  std::string convention = "paper";
  std::string scaling = "convention";
  std::string level_weights = "convention";
  std::string relative_closing = "convention";
  double density = 1.0;
  double relative = 1.0;
  double attention = 1.0;
  double importance = 1.0;
  std::int64_t relative_divisions = 8;
  std::int64_t relative_regions = 9;
  std::int64_t relative_sublists = 3;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("convention", convention, "what the fields left at \"convention\" follow", Choices{"paper", "released"});
    field("scaling", scaling, "density and attention terms: mean over pixels (paper) or sum (released)",
          Choices{"convention", "mean", "sum"});
    field("level_weights", level_weights, "weights of the outputs: plain = 1 (paper), doubling = 2^level (released)",
          Choices{"convention", "plain", "doubling"});
    field("relative_closing", relative_closing, "add max(0, third - first) per sub-list: no (paper), yes (released)",
          Choices{"convention", "no", "yes"});
    field("density", density, "weight of the density term, Eq. (3)", at_least(0));
    field("relative", relative, "weight of the relative local counting term, Eq. (2)", at_least(0));
    field("attention", attention, "weight of the attention term, Eq. (5)", at_least(0));
    field("importance", importance, "weight of the expert importance term, Eq. (6)", at_least(0));
    field("relative_divisions", relative_divisions, "local regions per side of the crop (8: w = 1/8)", between(1, 256));
    field("relative_regions", relative_regions, "S, the hard regions that are compared", between(2, 65536));
    field("relative_sublists", relative_sublists, "sub-lists that the ranked regions are dealt into", between(1, 64));
  }

  bool sums() const { return scaling == "sum" || (scaling == "convention" && convention == "released"); }
  bool doubling() const {
    return level_weights == "doubling" || (level_weights == "convention" && convention == "released");
  }
  bool closing() const {
    return relative_closing == "yes" || (relative_closing == "convention" && convention == "released");
  }
};

}  // namespace throng
