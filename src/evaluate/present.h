#pragma once

#include <string>

#include "core/config.h"
#include "evaluate/evaluation.h"

namespace throng {

/// "MAE 70.68 RMSE 114.91 NAE 0.1660": one line without its end; "nan" for a figure that there is none of.
std::string errors_line(const CountErrors& errors);

/// {"mae", "rmse", "nae", "images"}; null for a figure that there is none of.
Json errors_json(const CountErrors& errors);

/// All figures as lines for people, `errors_line` of all pictures last.
std::string evaluation_text(const Evaluation& evaluation);

/// All figures and a row for every picture ("per_image"); docs/evaluation.md lists the keys.
Json evaluation_json(const Evaluation& evaluation);

/// A CSV table with a row for every picture: path, count, truth, error, then GAME(0) to GAME(3) and the counts of all
/// experts and groups where they were measured. A cell for which there is no number is empty.
std::string evaluation_csv(const Evaluation& evaluation);

}  // namespace throng
