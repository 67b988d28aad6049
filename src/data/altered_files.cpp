#include "data/altered_files.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "core/file.h"
#include "core/text.h"
#include "data/picture_check.h"
#include "data/region_files.h"
#include "image/codec.h"
#include "image/draw.h"
#include "image/grey_png.h"
#include "image/resize.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

constexpr char kManifestFile[] = "manifest.jsonl";
/// The field of the first line that says what was done, and that the folder is ours.
constexpr char kAltered[] = "altered";

bool is_altered(const Manifest& manifest) {
  return std::ranges::any_of(manifest.other_fields, [](const auto& field) { return field.first == kAltered; });
}

/// A slip of the pen must not cost anybody their photos, so pictures are replaced only where they are ours.
void check_folder(const fs::path& folder) {
  std::error_code unreadable;
  if (!fs::exists(folder, unreadable) || fs::is_empty(folder, unreadable)) return;
  if (fs::exists(folder / kManifestFile, unreadable) && is_altered(read_manifest(folder / kManifestFile))) return;
  throw Error(ErrorKind::usage, text(folder.string(), " holds files that are no altered pictures of an earlier run; ",
                                     "name a folder that is empty or not there yet"));
}

/// Nor may an original lie where the copies go: a second run would alter it twice.
void check_originals(const Manifest& manifest, const fs::path& folder) {
  const fs::path whole = fs::weakly_canonical(folder);
  for (const ManifestEntry& entry : manifest.entries) {
    if (fs::weakly_canonical(entry.image).parent_path() != whole) continue;
    throw Error(ErrorKind::usage, text(entry.image.string(), " is one of the originals and lies in ", folder.string(),
                                       ", where the altered copies go; name another folder"));
  }
}

class AlteredFiles {
 public:
  AlteredFiles(const Alteration& alteration, fs::path folder) : alteration_(alteration), folder_(std::move(folder)) {}

  ManifestEntry write(const ManifestEntry& entry) {
    const Image picture = load_image(entry.image);
    check_size(entry, picture.width, picture.height);
    const Image altered = alter_image(picture, alteration_, entry.image.filename().string());
    ManifestEntry result = entry;
    const std::string stem = free_stem(entry.image.stem().string());
    const bool resized = altered.width != picture.width || altered.height != picture.height;
    if (!entry.roi.empty()) result.roi = write_region(entry, altered, stem);
    if (resized) {
      left_out_ = left_out_ || !result.perspective.empty() || !result.other_fields.empty();
      result.perspective.clear();
      result.other_fields.clear();
      resize_annotations(result, altered.width, altered.height);
    }
    result.image = folder_ / (stem + (alteration_.jpeg > 0 ? ".jpg" : ".png"));
    write_file(result.image, alteration_.jpeg > 0 ? encode_jpeg(altered, alteration_.jpeg) : encode_png(altered));
    return result;
  }

  /// Whether something of the originals' size was left out.
  bool left_out() const { return left_out_; }

 private:
  std::string free_stem(const std::string& stem) {
    std::string name = stem;
    for (int i = 2; !used_.insert(name).second; ++i) name = text(stem, "-", i);
    return name;
  }

  fs::path write_region(const ManifestEntry& entry, const Image& altered, const std::string& stem) const {
    const std::vector<std::uint8_t> inside = load_region(entry);
    Image mask = filled_image(entry.width, entry.height, {});
    for (std::size_t i = 0; i < mask.rgb.size(); ++i) mask.rgb[i] = inside[i / 3] ? 255 : 0;
    mask = resize_image(mask, altered.width, altered.height);
    std::vector<std::uint8_t> values(mask.rgb.size() / 3);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = mask.rgb[3 * i] >= 128 ? 255 : 0;
    make_folder(folder_ / "masks");
    const fs::path path = folder_ / "masks" / (stem + ".png");
    write_file(path, encode_grey_png(values, mask.width, mask.height));
    return path;
  }

  Alteration alteration_;
  fs::path folder_;
  std::set<std::string> used_;
  bool left_out_ = false;
};

}  // namespace

Manifest write_altered(const Manifest& manifest, const Alteration& alteration, const fs::path& folder,
                       const Reporter& reporter, const std::stop_token& stop) {
  validate(alteration);
  check_folder(folder);
  check_originals(manifest, folder);
  make_folder(folder);
  Manifest result;
  const std::string what = describe(alteration);
  result.name = text(manifest.name, ", ", what);
  result.other_fields = {{kAltered, text('"', what, '"')}};
  AlteredFiles files(alteration, folder);
  const auto total = static_cast<std::int64_t>(manifest.entries.size());
  std::int64_t done = 0;
  for (const ManifestEntry& entry : manifest.entries) {
    reporter.progress(done, total, entry.image.filename().string());
    if (stop.stop_requested()) {
      throw Error(ErrorKind::interrupted, text("interrupted after ", done, " of ", quantity(total, "picture"),
                                               "; empty ", folder.string(), " before running this again"));
    }
    ++done;
    try {
      result.entries.push_back(files.write(entry));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      reporter.warning(text("left out: ", error.what()));
      result.unreadable.push_back(entry.image);
    }
  }
  reporter.progress(total, total);
  if (result.entries.empty()) throw Error(ErrorKind::input, "none of the pictures can be read");
  if (files.left_out()) {
    reporter.note(
        "maps of perspective and fields of other programs are left out: they fit the size that the pictures had");
  }
  write_manifest(result, folder / kManifestFile);
  return result;
}

}  // namespace throng
