#include "data/importers/classes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "core/text.h"
#include "throng/error.h"

namespace throng {
namespace {

using Tally = std::map<std::string, std::int64_t>;  ///< annotations of each class, in lower case

// Who marks heads and whole bodies marks the same people twice, so these are not mixed.
constexpr std::array<std::string_view, 2> kHeads = {"head", "heads"};
constexpr std::array<std::string_view, 14> kPeople = {"person", "persons", "people", "pedestrian", "pedestrians",
                                                      "human",  "humans",  "crowd",  "man",        "woman",
                                                      "child",  "adult",   "worker", "player"};

std::string listed(const Tally& tally, const std::set<std::string>& only) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : tally) {
    if (only.contains(name)) parts.push_back(text(name.empty() ? "(no class)" : name, " (", count, ")"));
  }
  return join(parts, ", ");
}

std::set<std::string> all_of(const Tally& tally) {
  std::set<std::string> all;
  for (const auto& [name, count] : tally) all.insert(name);
  return all;
}

std::set<std::string> present(const Tally& tally, std::span<const std::string_view> names) {
  std::set<std::string> found;
  for (const std::string_view name : names) {
    if (tally.contains(std::string(name))) found.emplace(name);
  }
  return found;
}

std::set<std::string> asked_for(const Tally& tally, const std::vector<std::string>& wanted) {
  std::set<std::string> chosen;
  for (const std::string& name : wanted) {
    if (!chosen.insert(lower_case(name)).second || tally.contains(lower_case(name))) continue;
    throw Error(ErrorKind::usage,
                text("no annotation has the class '", name, "'; there are: ", listed(tally, all_of(tally))));
  }
  return chosen;
}

/// What is probably meant where nobody says.
std::set<std::string> probable(const Tally& tally) {
  if (tally.size() < 2) return all_of(tally);
  for (const std::span<const std::string_view> names :
       {std::span<const std::string_view>(kHeads), std::span<const std::string_view>(kPeople)}) {
    if (std::set<std::string> found = present(tally, names); !found.empty()) return found;
  }
  return all_of(tally);
}

void keep(Annotated& picture, const std::set<std::string>& chosen) {
  std::vector<Point> kept;
  for (std::size_t i = 0; i < picture.points.size(); ++i) {
    if (chosen.contains(lower_case(picture.classes[i]))) kept.push_back(picture.points[i]);
  }
  picture.points = std::move(kept);
  picture.classes.clear();
}

}  // namespace

void choose_classes(std::vector<Annotated>& pictures, const std::vector<std::string>& wanted,
                    const Reporter& reporter) {
  Tally tally;
  for (const Annotated& picture : pictures) {
    for (const std::string& name : picture.classes) ++tally[lower_case(name)];
  }
  const std::set<std::string> chosen = wanted.empty() ? probable(tally) : asked_for(tally, wanted);
  for (Annotated& picture : pictures) keep(picture, chosen);
  std::set<std::string> others = all_of(tally);
  for (const std::string& name : chosen) others.erase(name);
  if (tally.size() > 1) {
    reporter.note(text("counted: ", listed(tally, chosen), others.empty() ? "" : "; passed over: ",
                       listed(tally, others), wanted.empty() ? "; --classes chooses others" : ""));
  }
}

}  // namespace throng
