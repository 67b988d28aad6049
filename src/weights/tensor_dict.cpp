#include "weights/tensor_dict.h"

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

namespace throng {

namespace {

using Kind = PickleObject::Kind;

class TensorDictSearch {
 public:
  explicit TensorDictSearch(const Pickle& pickle) : pickle_(pickle) {}

  const PickleObject* find() {
    if (const PickleObject* named = under_usual_name(pickle_[pickle_.root])) return named;
    std::vector<std::uint32_t> level{pickle_.root};
    for (int depth = 0; depth < kDeepest && !level.empty(); ++depth) {
      std::vector<std::uint32_t> next;
      for (const std::uint32_t index : level) {
        if (has_tensors(pickle_[index])) return &pickle_[index];
        add_children(pickle_[index], next);
      }
      level = std::move(next);
    }
    return nullptr;
  }

 private:
  static constexpr int kDeepest = 4;

  /// {'model': {...}}, {'model': {'state_dict': {...}}}: such a dict is taken even beside loose tensors.
  const PickleObject* under_usual_name(const PickleObject& from) const {
    static constexpr std::string_view kUsual[] = {"model",   "state_dict", "model_state_dict", "net",
                                                  "network", "module",     "params",           "weights"};
    const PickleObject* found = &from;
    for (int depth = 0; depth < kDeepest; ++depth) {
      const PickleObject* inner = nullptr;
      for (const std::string_view name : kUsual) {
        if (inner == nullptr) inner = child(*found, name);
      }
      if (inner == nullptr) break;
      found = inner;
    }
    return found != &from && has_tensors(*found) ? found : nullptr;
  }

  const PickleObject* child(const PickleObject& dict, std::string_view name) const {
    if (dict.kind != Kind::dict) return nullptr;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      const PickleObject& value = pickle_[dict.items[i + 1]];
      if (value.kind == Kind::dict && is_named(dict.items[i], name)) return &value;
    }
    return nullptr;
  }

  bool is_named(std::uint32_t key, std::string_view name) const {
    return pickle_[key].kind == Kind::string && pickle_[key].text == name;
  }

  bool has_tensors(const PickleObject& dict) const {
    if (dict.kind != Kind::dict) return false;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      if (pickle_[dict.items[i]].kind == Kind::string && pickle_[dict.items[i + 1]].kind == Kind::tensor) return true;
    }
    return false;
  }

  /// Dicts below named keys, but for an optimiser's: its moments have no weights among them.
  void add_children(const PickleObject& dict, std::vector<std::uint32_t>& to) {
    if (dict.kind != Kind::dict) return;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      const PickleObject& key = pickle_[dict.items[i]];
      const std::uint32_t value = dict.items[i + 1];
      const bool wanted = key.kind == Kind::string && !key.text.starts_with("optim");
      if (wanted && pickle_[value].kind == Kind::dict && seen_.insert(value).second) to.push_back(value);
    }
  }

  const Pickle& pickle_;
  std::set<std::uint32_t> seen_;  ///< a dict may be shared, or contain itself
};

}  // namespace

const PickleObject* find_tensor_dict(const Pickle& pickle) { return TensorDictSearch(pickle).find(); }

}  // namespace throng
