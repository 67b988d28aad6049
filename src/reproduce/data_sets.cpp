#include "reproduce/data_sets.h"

#include <algorithm>
#include <array>
#include <deque>
#include <system_error>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/text.h"
#include "data/importers.h"
#include "data/manifest.h"
#include "data/near_identical.h"
#include "data/region_files.h"
#include "throng/error.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

constexpr std::array kBenchmarks = {
    Benchmark{"sha", "ShanghaiTech A", "shanghaitech", "parta", "partb"},
    Benchmark{"shb", "ShanghaiTech B", "shanghaitech", "partb", "parta"},
    Benchmark{"jhu", "JHU-CROWD++", "jhu", "", ""},
    Benchmark{"trancos", "TRANCOS", "trancos", "", ""},
};

/// "part_A_final" -> "partafinal".
std::string letters_of(const fs::path& folder) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(folder, error);
  std::string letters = lower_case((error ? folder : whole).filename().string());
  std::erase_if(letters, [](char c) { return (c < 'a' || c > 'z') && (c < '0' || c > '9'); });
  return letters;
}

bool recognised(const fs::path& folder, const Benchmark& benchmark) {
  try {
    return find_importer(benchmark.importer).recognises(folder);
  } catch (const Error&) {
    return false;  // a file that it cannot read: not this one
  }
}

/// Folders in a folder, hidden ones aside, by name; none where it cannot be read.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && !entry->path().filename().string().starts_with('.')) {
      found.push_back(entry->path());
    }
  }
  std::ranges::sort(found);
  return found;
}

/// What a manifest lacks for training and testing; "" when it is complete.
std::string missing_part(const fs::path& path) {
  const Manifest manifest = read_manifest(path);
  for (const char* split : {"train", "test"}) {
    const bool there =
        std::ranges::any_of(manifest.entries, [&](const ManifestEntry& entry) { return entry.split == split; });
    if (!there) return text("its split ", split);
  }
  return "";
}

/// Whether a manifest is of use still: the data set may have been moved since.
bool pictures_are_there(const fs::path& path) {
  const Manifest manifest = read_manifest(path);
  std::error_code error;
  return !manifest.entries.empty() && fs::exists(manifest.entries.front().image, error);
}

}  // namespace

const Benchmark* benchmark_of(const std::string& manifest) {
  const auto found = std::ranges::find_if(
      kBenchmarks, [&](const Benchmark& benchmark) { return manifest == text(benchmark.key, ".jsonl"); });
  return found == kBenchmarks.end() ? nullptr : &*found;
}

std::string benchmark_keys() {
  std::vector<std::string> keys;
  for (const Benchmark& benchmark : kBenchmarks) keys.emplace_back(benchmark.key);
  return join(keys, ", ");
}

const Benchmark& find_benchmark(std::string_view key) {
  for (const Benchmark& benchmark : kBenchmarks) {
    if (benchmark.key == key) return benchmark;
  }
  throw Error(ErrorKind::usage, text("there is no data set '", key, "' to reproduce on: choose ", benchmark_keys()));
}

fs::path locate_benchmark(const fs::path& folder, const Benchmark& benchmark) {
  constexpr int kDeepest = 3;
  struct Place {
    fs::path path;
    int depth;
  };
  std::deque<Place> places = {{folder, 0}};
  while (!places.empty()) {
    const Place place = places.front();
    places.pop_front();
    const std::string letters = letters_of(place.path);
    const bool other = !benchmark.no_mark.empty() && letters.find(benchmark.no_mark) != std::string::npos;
    // Who names the very folder may call it anything.
    const bool named = place.depth == 0 || letters.find(benchmark.mark) != std::string::npos;
    if (!other && named && recognised(place.path, benchmark)) return place.path;
    if (place.depth == kDeepest) continue;
    for (fs::path& below : folders_in(place.path)) places.push_back({std::move(below), place.depth + 1});
  }
  return {};
}

DataSets::DataSets(fs::path source, fs::path store, Reporter reporter, std::stop_token stop)
    : source_(std::move(source)), store_(std::move(store)), reporter_(reporter), stop_(std::move(stop)) {}

DataSets::Place DataSets::place_of(const Benchmark& benchmark) const {
  const std::string name = text(benchmark.key, ".jsonl");
  const fs::path stored = store_ / name;
  if (fs::exists(stored) && pictures_are_there(stored)) return {stored, {}};
  const fs::path ready = source_.empty() ? fs::path(name) : source_ / name;
  if (fs::is_regular_file(ready)) return {ready, {}};
  return {{}, source_.empty() ? fs::path() : locate_benchmark(source_, benchmark)};
}

std::string DataSets::missing(const std::string& manifest) const {
  if (manifest.empty()) return "data.manifest";
  const Benchmark* benchmark = benchmark_of(manifest);
  if (!benchmark) return fs::exists(manifest) ? "" : text("the manifest ", manifest);
  const Place place = place_of(*benchmark);
  if (!place.manifest.empty() || !place.folder.empty()) return "";
  return text(benchmark->title, source_.empty() ? " (name a folder with it: --data DIR)"
                                                : text(" (not found in ", source_.string(), ")"));
}

const AvailableData& DataSets::get(const std::string& manifest) {
  const auto found = known_.find(manifest);
  return found != known_.end() ? found->second : known_.emplace(manifest, find(manifest)).first->second;
}

AvailableData DataSets::find(const std::string& manifest) const {
  std::string absent = missing(manifest);
  if (!absent.empty()) return {{}, std::move(absent)};
  const Benchmark* benchmark = benchmark_of(manifest);
  const std::string title = benchmark ? std::string(benchmark->title) : text("the manifest ", manifest);
  try {
    const Place place = benchmark ? place_of(*benchmark) : Place{manifest, {}};
    const fs::path path = place.folder.empty() ? place.manifest : store_ / manifest;
    if (!place.folder.empty()) import(*benchmark, place.folder, path);
    const std::string part = missing_part(path);
    return {path, part.empty() ? "" : text(title, " (", part, ")")};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    return {{}, text(title, " (", error.what(), ")")};
  }
}

void DataSets::import(const Benchmark& benchmark, const fs::path& folder, const fs::path& out) const {
  reporter_.note(text("importing ", benchmark.title, " from ", folder.string()));
  Manifest manifest = import_data_set(benchmark.importer, {.folder = fs::absolute(folder), .reporter = reporter_});
  group_near_identical(manifest, keep_readable_pictures(manifest, reporter_, stop_), stop_);
  make_folder(store_);
  write_region_files(manifest, store_ / text(benchmark.key, "_masks"), reporter_);
  write_manifest(manifest, out);
}

}  // namespace throng
