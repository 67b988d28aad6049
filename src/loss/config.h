#pragma once

#include <string>

#include "core/config.h"

namespace throng {

/// The training loss (Eq. 7). `convention` sets what the paper's text or the released code does; every field that says
/// "convention" can be set on its own.
struct LossConfig {
  std::string convention = "paper";
  std::string scaling = "convention";
  std::string density_scaling = "scaling";
  std::string attention_scaling = "scaling";
  std::string level_weights = "convention";
  std::string relative_closing = "convention";
  double density = 1.0;
  double relative = 1.0;
  double attention = 1.0;
  double importance = 1.0;
  double local_count = 0.0;
  double ranking = 0.0;
  double transport = 0.0;
  double variation = 0.0;
  double count = 0.0;
  std::string relative_choice = "hard";
  std::string relative_on = "density";
  std::int64_t relative_divisions = 8;
  std::int64_t relative_regions = 9;
  std::int64_t relative_sublists = 3;
  double transport_regularisation = 10.0;
  std::int64_t transport_iterations = 100;

  template <class Visitor>
  void visit(Visitor&& field) {
    field("convention", convention, "what the fields left at \"convention\" follow", Choices{"paper", "released"});
    field("scaling", scaling, "density and attention terms: mean over pixels (paper) or sum (released)",
          Choices{"convention", "paper", "released", "mean", "sum"});
    field("density_scaling", density_scaling, "of the density term alone",
          Choices{"scaling", "paper", "released", "mean", "sum"});
    field("attention_scaling", attention_scaling, "of the attention term alone",
          Choices{"scaling", "paper", "released", "mean", "sum"});
    field("level_weights", level_weights, "weights of the outputs: plain = 1 (paper), doubling = 2^level (released)",
          Choices{"convention", "plain", "doubling"});
    field("relative_closing", relative_closing, "add max(0, third - first) per sub-list: no (paper), yes (released)",
          Choices{"convention", "no", "yes"});
    field("density", density, "weight of the density term, Eq. (3)", at_least(0));
    field("relative", relative, "weight of the relative local counting term, Eq. (2)", at_least(0));
    field("attention", attention, "weight of the attention term, Eq. (5)", at_least(0));
    field("importance", importance, "weight of the expert importance term, Eq. (6)", at_least(0));
    field("local_count", local_count, "weight of the absolute local counting term (ALC): |X - Xg| summed over regions",
          at_least(0));
    field("ranking", ranking,
          "weight of the global ranking term (GRL): cross entropy between the true order of the batch's counts and a "
          "soft order of the predicted ones",
          at_least(0));
    field("transport", transport, "weight of DM-Count's optimal transport term on the final map", at_least(0));
    field("variation", variation, "weight of DM-Count's total variation term on the final map", at_least(0));
    field("count", count, "weight of |predicted - true count| of the crop on the final map", at_least(0));
    field("relative_choice", relative_choice,
          "which regions the relative term compares: hard = largest errors, random, matryoshka = nested patches",
          Choices{"hard", "random", "matryoshka"});
    field("relative_on", relative_on,
          "whose local counts it compares: density = the map's, local_head = a second head's",
          Choices{"density", "local_head"});
    field("relative_divisions", relative_divisions, "local regions per side of the crop (8: w = 1/8)", between(1, 256));
    field("relative_regions", relative_regions, "S, the hard regions that are compared", between(2, 65536));
    field("relative_sublists", relative_sublists, "sub-lists that the ranked regions are dealt into", between(1, 64));
    field("transport_regularisation", transport_regularisation, "entropy of the transport plan, pixels squared",
          between(1e-3, 1e6));
    field("transport_iterations", transport_iterations, "Sinkhorn iterations", between(1, 10000));
  }

  bool density_sums() const { return sums(density_scaling == "scaling" ? scaling : density_scaling); }
  bool attention_sums() const { return sums(attention_scaling == "scaling" ? scaling : attention_scaling); }
  bool doubling() const {
    return level_weights == "doubling" || (level_weights == "convention" && convention == "released");
  }
  bool closing() const {
    return relative_closing == "yes" || (relative_closing == "convention" && convention == "released");
  }

 private:
  bool sums(const std::string& how) const {
    return how == "sum" || how == "released" || (how == "convention" && convention == "released");
  }
};

}  // namespace throng
