#include "data/region_files.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/npy.h"
#include "core/text.h"
#include "data/importers/mat_file.h"
#include "image/grey_png.h"
#include "throng/error.h"
#include "throng/image.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

/// A matrix in rows, as pictures are.
struct Grid {
  int width = 0;
  int height = 0;
  std::vector<double> values;
};

Grid by_rows(const MatArray& matrix, const ManifestEntry& entry) {
  if (matrix.columns() != entry.width || matrix.rows() != entry.height) {
    matrix.fail(text("a mask or map of ", matrix.columns(), "x", matrix.rows(), " does not fit its image ",
                     entry.image.string(), " of ", entry.width, "x", entry.height));
  }
  const std::vector<double> by_column = matrix.numbers();
  Grid grid{entry.width, entry.height, std::vector<double>(by_column.size())};
  const auto width = static_cast<std::size_t>(grid.width);
  const auto height = static_cast<std::size_t>(grid.height);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) grid.values[y * width + x] = by_column[x * height + y];
  }
  return grid;
}

/// BW of TRANCOS, roi.mask of Mall.
void write_mask(const fs::path& source, const ManifestEntry& entry, const fs::path& path) {
  MatArray mask = MatArray::read(source, {"BW", "roi", "mask"});
  if (mask.kind() == MatArray::Kind::structure) mask = mask.field("mask");
  const Grid grid = by_rows(mask, entry);
  std::vector<std::uint8_t> values(grid.values.size());
  std::ranges::transform(grid.values, values.begin(), [](double value) { return value != 0 ? 255 : 0; });
  write_file(path, encode_grey_png(values, grid.width, grid.height));
}

void write_perspective(const fs::path& source, const ManifestEntry& entry, const fs::path& path) {
  const Grid grid = by_rows(MatArray::read(source, "pMapN"), entry);
  write_npy(path, std::vector<float>(grid.values.begin(), grid.values.end()), grid.height, grid.width);
}

/// Writes files of one kind, each source once, under names that do not collide.
class RegionFiles {
 public:
  using Write = void (*)(const fs::path& source, const ManifestEntry& entry, const fs::path& path);

  RegionFiles(fs::path folder, std::string_view ending, Write write)
      : folder_(std::move(folder)), ending_(ending), write_(write) {}

  /// Replaces the source by the file that was made of it; pictures and arrays are left as they are.
  void replace(fs::path& source, const ManifestEntry& entry) {
    if (source.extension() != ".mat") return;
    const auto known = written_.find(source);
    const bool fits =
        known != written_.end() && known->second.width == entry.width && known->second.height == entry.height;
    if (!fits) {
      if (written_.empty()) make_folder(folder_);
      const fs::path path = folder_ / free_name(source.stem().string());
      write_(source, entry, path);
      written_[source] = {path, entry.width, entry.height};
    }
    source = fs::path(written_.at(source).path);
  }

 private:
  struct Written {
    fs::path path;
    int width = 0;
    int height = 0;
  };

  std::string free_name(const std::string& stem) {
    std::string name = stem + ending_;
    for (int i = 2; !used_.insert(name).second; ++i) name = text(stem, "-", i, ending_);
    return name;
  }

  fs::path folder_;
  std::string ending_;
  Write write_;
  std::map<fs::path, Written> written_;
  std::set<std::string> used_;
};

}  // namespace

void write_region_files(Manifest& manifest, const fs::path& folder, const Reporter& reporter) {
  RegionFiles masks(folder, ".png", write_mask);
  RegionFiles perspectives(folder, "_perspective.npy", write_perspective);
  std::int64_t done = 0;
  for (ManifestEntry& entry : manifest.entries) {
    reporter.progress(done++, std::int64_t(manifest.entries.size()), entry.roi.filename().string());
    masks.replace(entry.roi, entry);
    perspectives.replace(entry.perspective, entry);
  }
}

std::vector<std::uint8_t> load_region(const ManifestEntry& entry) {
  const std::size_t pixels = static_cast<std::size_t>(entry.width) * static_cast<std::size_t>(entry.height);
  std::vector<std::uint8_t> inside(pixels, 1);
  if (entry.roi.empty()) return inside;
  const Image mask = load_image(entry.roi);
  if (mask.width != entry.width || mask.height != entry.height) {
    throw Error(ErrorKind::input, text("the mask ", entry.roi.string(), " has ", mask.width, "x", mask.height,
                                       " pixels, but its image has ", entry.width, "x", entry.height));
  }
  for (std::size_t i = 0; i < pixels; ++i) inside[i] = mask.rgb[3 * i] >= 128 ? 1 : 0;
  return inside;
}

}  // namespace throng
