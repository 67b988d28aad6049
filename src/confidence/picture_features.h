#pragma once

#include <string>
#include <vector>

namespace throng {

/// Numbers about one side of a picture, such as its colours.
struct FeatureGroup {
  std::string name;
  std::vector<double> values;
  bool several_kinds = true;  ///< known pictures may be of several kinds, with nothing between them
};

/// The same groups in the same order for every picture that one model looks at.
using PictureFeatures = std::vector<FeatureGroup>;

}  // namespace throng
