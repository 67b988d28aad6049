#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/importers.h"
#include "data/manifest.h"

namespace throng {

/// What annotation files say about one picture, before anybody looked at the picture.
struct Annotated {
  std::filesystem::path image;   ///< where the picture is or should be; empty until located when only `named`
  std::string named{};           ///< how a tool's file names it: relative, absolute, of another system, a URL
  std::filesystem::path file{};  ///< the annotation file that says so
  std::vector<Point> points{};
  std::vector<std::string> classes{};  ///< of each point; empty where there are no classes
  bool relative = false;               ///< points are shares of the picture's width and height
  int width = 0;                       ///< as the annotation file says; 0 = it does not
  int height = 0;
  std::optional<std::int64_t> stated{};  ///< how many people another part of the data set says there are
  bool annotated = true;
  std::string split{};
  std::string group{};
  std::filesystem::path roi{};  ///< a mask or the MATLAB file that holds it; see write_region_files
  std::filesystem::path perspective{};
  std::map<std::string, std::string> labels{};

  void add(Point point, std::string label) {
    points.push_back(point);
    classes.push_back(std::move(label));
  }
};

/// The folder's name: what a data set is called unless it has a name of its own.
std::string name_of_folder(const std::filesystem::path& folder);

/// Makes the entries of a benchmark's pictures, each with its size. Pictures that are missing among others are left out
/// with a warning. Where not a single one is there, the annotations are imported for themselves, with a warning and the
/// sizes that they state, or ones that just hold their points. Another number of people than stated is a warning too.
/// Each picture whose header cannot be read is left out with a warning and is one of Manifest::unreadable. Throws
/// Error(input) where that leaves no entry, and `nothing` where there is no annotation at all.
Manifest make_manifest(const ImportRequest& request, std::string name, std::vector<Annotated> pictures,
                       const std::string& nothing);

/// The same for what an annotator's tool has written: first finds the pictures by the names that it gives (see
/// locate_pictures), their splits by the folders' names, and chooses the classes that count.
Manifest make_tool_manifest(const ImportRequest& request, std::vector<Annotated> pictures, const std::string& nothing);

}  // namespace throng
