#pragma once

#include <optional>
#include <string>

#include "core/config.h"
#include "model/config.h"

namespace throng {

/// A key that two configurations have with different values, and these as JSON; "nothing" past the end of a list.
struct ConfigDifference {
  std::string key;
  std::string one;
  std::string other;
};

/// The first difference of two config trees, whose own key is `key`. Lists of tables are compared entry by entry, other
/// lists as wholes.
std::optional<ConfigDifference> first_difference(const Json& one, const Json& other, const std::string& key);

/// That of two descriptions of a network; how its training began may differ.
std::optional<ConfigDifference> network_difference(ModelConfig one, const ModelConfig& other);

}  // namespace throng
