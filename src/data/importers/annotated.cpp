#include "data/importers/annotated.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/text.h"
#include "data/importers/classes.h"
#include "data/importers/complaint.h"
#include "data/importers/image_list.h"
#include "data/importers/locate.h"
#include "data/importers/names.h"
#include "image/codec.h"
#include "throng/error.h"

namespace throng {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

constexpr int kLargestSide = 1'000'000;  ///< that a manifest may state

/// Whether the annotation file says how large the picture is, and can be right.
bool sized(const Annotated& picture) {
  const auto fits = [](int side) { return side >= 1 && side <= kLargestSide; };
  return fits(picture.width) && fits(picture.height);
}

/// A side that holds all of the points, for a picture that nobody has seen.
int side_around(const std::vector<Point>& points, double Point::*axis) {
  double side = 1;
  for (const Point& point : points) side = std::max(side, std::floor(point.*axis) + 1);
  return static_cast<int>(std::min<double>(side, kLargestSide));
}

/// Turns annotations into entries, and keeps what is to be said about them.
class EntryMaker {
 public:
  EntryMaker(std::span<const Annotated> pictures, const Reporter& reporter) : reporter_(reporter) {
    any_picture_ = std::ranges::any_of(pictures, [](const Annotated& picture) { return is_there(picture.image); });
  }

  void add(Annotated& picture, std::vector<ManifestEntry>& entries) {
    check_points(picture);
    const bool missing = !is_there(picture.image);
    if (missing) missing_.add(picture.image.string());
    // Relative coordinates need a size, and an image without anything known about it is not worth an entry.
    const bool worth = sized(picture) || (picture.annotated && !picture.relative);
    if (missing && (any_picture_ || !worth)) {
      if (!any_picture_) unusable_.add(picture.image.string());
      return;
    }
    if (!seen_.insert(picture.image.lexically_normal()).second) {
      twice_.add(picture.image.string());
      return;
    }
    if (picture.annotated && picture.stated && *picture.stated != std::int64_t(picture.points.size())) {
      miscounted_.add(text(picture.image.string(), " (said to have ", *picture.stated, ", has ",
                           std::int64_t(picture.points.size()), ")"));
    }
    if (missing) {
      entries.push_back(unseen_entry(picture));
    } else if (const std::optional<ImageSize> size = size_of(picture)) {
      entries.push_back(seen_entry(picture, *size));
    }
  }

  /// Pictures that are there and are none.
  std::vector<fs::path> take_unreadable() { return std::move(unreadable_); }

  void report() const {
    if (any_picture_) {
      missing_.report(reporter_, "missing and left out");
    } else {
      reporter_.warning(
          text("none of the ", missing_.count(), " pictures is there, the first would be ", missing_.first(),
               ": the annotations are imported for themselves, with the sizes that "
               "they state or sizes that just hold the points; import again once the pictures are there"));
      unusable_.report(reporter_, "left out, for without the picture nothing is known about it");
    }
    twice_.report(reporter_, "annotated twice; the first annotation is taken");
    miscounted_.report(reporter_, "said to have another number of people than there are points; the points are taken");
    resized_.report(reporter_, "of another size than when annotated; the points may not fit");
  }

 private:
  static void check_points(const Annotated& picture) {
    for (const Point& point : picture.points) {
      if (std::isfinite(point.x) && std::isfinite(point.y)) continue;
      throw Error(ErrorKind::input,
                  text(picture.file.string(), ": a point of ", picture.image.string(), " is not finite"));
    }
  }

  std::optional<ImageSize> size_of(const Annotated& picture) {
    try {
      return probe_image(picture.image);
    } catch (const Error& problem) {
      if (problem.kind() != ErrorKind::input) throw;
      reporter_.warning(text("left out: ", problem.what()));
      unreadable_.push_back(picture.image);
      return {};
    }
  }

  ManifestEntry seen_entry(Annotated& picture, const ImageSize& size) {
    const bool other = sized(picture) && (picture.width != size.width || picture.height != size.height);
    if (other && !picture.relative) {
      resized_.add(text(picture.image.string(), " (", picture.width, "x", picture.height, " then, ", size.width, "x",
                        size.height, " now)"));
    }
    return entry(picture, size.width, size.height);
  }

  static ManifestEntry unseen_entry(Annotated& picture) {
    return sized(picture)
               ? entry(picture, picture.width, picture.height)
               : entry(picture, side_around(picture.points, &Point::x), side_around(picture.points, &Point::y));
  }

  static ManifestEntry entry(Annotated& picture, int width, int height) {
    if (picture.relative) {
      for (Point& point : picture.points) point = {point.x * width, point.y * height};
    }
    ManifestEntry entry{std::move(picture.image),  width,         height,
                        std::move(picture.points), picture.split, picture.group};
    entry.annotated = picture.annotated;
    if (!picture.annotated) entry.count = picture.stated;
    entry.roi = std::move(picture.roi);
    entry.perspective = std::move(picture.perspective);
    entry.labels = std::move(picture.labels);
    return entry;
  }

  const Reporter& reporter_;
  bool any_picture_ = false;
  std::set<fs::path> seen_;
  std::vector<fs::path> unreadable_;
  Complaint missing_, unusable_, twice_, miscounted_, resized_;
};

/// Pictures in the folder that no annotation speaks of: empty scenes or forgotten ones, nobody knows.
void report_unannotated(const fs::path& folder, const std::vector<Annotated>& pictures, const Reporter& reporter) {
  std::set<fs::path> annotated;
  for (const Annotated& picture : pictures) annotated.insert(picture.image.lexically_normal());
  Complaint unannotated;
  for (const fs::path& path : list_images(folder, true)) {
    if (!annotated.contains(path.lexically_normal())) unannotated.add(path.string());
  }
  unannotated.report(reporter, "without annotation, left out");
}

}  // namespace

std::string name_of_folder(const fs::path& folder) {
  return fs::absolute(folder / ".").lexically_normal().parent_path().filename().string();
}

Manifest make_manifest(const ImportRequest& request, std::string name, std::vector<Annotated> pictures,
                       const std::string& nothing) {
  if (pictures.empty()) throw Error(ErrorKind::input, nothing);
  Manifest manifest;
  manifest.name = std::move(name);
  EntryMaker maker(pictures, request.reporter);
  std::int64_t done = 0;
  for (Annotated& picture : pictures) {
    request.reporter.progress(done++, std::int64_t(pictures.size()), picture.image.filename().string());
    maker.add(picture, manifest.entries);
  }
  maker.report();
  manifest.unreadable = maker.take_unreadable();
  if (manifest.entries.empty() && !manifest.unreadable.empty()) {
    throw Error(ErrorKind::input, text("none of the annotated pictures of ", request.folder.string(), " can be read"));
  }
  if (manifest.entries.empty()) {
    throw Error(ErrorKind::input, text("nothing of ", request.folder.string(),
                                       " can be imported: its annotations need the pictures, and these are missing"));
  }
  return manifest;
}

Manifest make_tool_manifest(const ImportRequest& request, std::vector<Annotated> pictures, const std::string& nothing) {
  if (pictures.empty()) throw Error(ErrorKind::input, nothing);
  locate_pictures(pictures, request.folder);
  report_unannotated(request.folder, pictures, request.reporter);
  choose_classes(pictures, request.classes, request.reporter);
  for (Annotated& picture : pictures) {
    if (picture.split.empty()) picture.split = split_of_folders(picture.image.lexically_relative(request.folder));
    if (picture.split.empty()) picture.split = "train";
  }
  return make_manifest(request, name_of_folder(request.folder), std::move(pictures), nothing);
}

}  // namespace throng
