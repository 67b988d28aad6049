#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/text.h"
#include "data/importers/image_list.h"
#include "data/importers/layouts.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// The layouts that a folder looks like, the most particular first: the order of the table.
std::vector<const Importer*> recognised(const fs::path& folder) {
  std::vector<const Importer*> found;
  for (const Importer& importer : importers()) {
    try {
      if (importer.recognises && importer.recognises(folder)) found.push_back(&importer);
    } catch (const Error&) {
      continue;  // a file that this layout cannot read does not speak against the others
    }
  }
  return found;
}

/// Somebody may have given the folder above the right one.
std::string hint_below(const fs::path& folder) {
  std::vector<fs::path> below;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const bool hidden = entry.path().filename().string().starts_with('.');
    if (entry.is_directory() && !hidden) below.push_back(entry.path());
  }
  std::ranges::sort(below, [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
  constexpr std::size_t kLookedAt = 20;
  for (std::size_t i = 0; i < std::min(below.size(), kLookedAt); ++i) {
    const std::vector<const Importer*> found = recognised(below[i]);
    if (!found.empty()) return text(". Its folder ", below[i].string(), " looks like ", found[0]->name);
  }
  return "";
}

}  // namespace

Manifest import_automatically(const ImportRequest& request) {
  list_images(request.folder, false);  // says what is wrong with a folder that cannot be read
  const std::vector<const Importer*> found = recognised(request.folder);
  if (found.empty()) {
    std::string looked_for;
    for (const Importer& importer : importers()) {
      if (importer.recognises) looked_for += text("\n  ", importer.name, ": ", importer.help);
    }
    throw Error(ErrorKind::input, text(request.folder.string(), " looks like no data set that is known",
                                       hint_below(request.folder), ". Looked for:", looked_for));
  }
  std::vector<std::string> others;
  for (std::size_t i = 1; i < found.size(); ++i) others.emplace_back(found[i]->name);
  request.reporter.note(text(request.folder.string(), " looks like ", found[0]->name, " (", found[0]->help, ")",
                             others.empty() ? "" : "; if that is wrong, name another: ", join(others, ", ")));
  return import_data_set(found[0]->name, request);
}

}  // namespace throng
