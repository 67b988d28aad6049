#include "model/source_model.h"

#include <algorithm>
#include <utility>

#include "core/checksum.h"

namespace throng {

namespace {

constexpr int kDeepestProvenance = 32;  // cards that are nested twice as deeply are not read (parse_untrusted_json)

int depth_of(const Json& json) {
  int deepest = 0;
  for (const Json& part : json) {
    if (part.is_structured()) deepest = std::max(deepest, depth_of(part));
  }
  return deepest + 1;
}

}  // namespace

SourceModel read_source_model(const std::filesystem::path& path) {
  LoadedModel loaded = load_model(path);
  return {path.string(), sha256_of_file(path), std::move(loaded)};
}

Json described(const SourceModel& source) {
  const ModelCard& card = source.loaded.card;
  Json description = {{"name", card.name}, {"sha256", source.sha256}};
  if (depth_of(card.provenance) <= kDeepestProvenance) description["provenance"] = card.provenance;
  return description;
}

}  // namespace throng
