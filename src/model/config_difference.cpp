#include "model/config_difference.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/text.h"

namespace throng {

namespace {

bool is_list_of_tables(const Json& list) {
  return list.is_array() && std::ranges::all_of(list, [](const Json& entry) { return entry.is_object(); });
}

std::string words_for(const Json& value) { return value.is_null() ? "nothing" : value.dump(); }

}  // namespace

std::optional<ConfigDifference> first_difference(const Json& one, const Json& other, const std::string& key) {
  if (one == other) return {};
  if (one.is_object() && other.is_object()) {
    for (const auto& [name, value] : one.items()) {
      if (auto found = first_difference(value, other.value(name, Json()), text(key, ".", name))) return found;
    }
  } else if (is_list_of_tables(one) && is_list_of_tables(other)) {
    const auto entry = [](const Json& list, std::size_t i) { return i < list.size() ? list[i] : Json(); };
    for (std::size_t i = 0; i < std::max(one.size(), other.size()); ++i) {
      if (auto found = first_difference(entry(one, i), entry(other, i), text(key, "[", i, "]"))) return found;
    }
  }
  return ConfigDifference{key, words_for(one), words_for(other)};
}

std::optional<ConfigDifference> network_difference(ModelConfig one, const ModelConfig& other) {
  one.encoder_weights = other.encoder_weights;
  one.init = other.init;
  return first_difference(config_tree(std::move(one)), config_tree(other), "model");
}

}  // namespace throng
