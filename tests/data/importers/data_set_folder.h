#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "data/folder.h"
#include "data/importers.h"
#include "data/messages.h"
#include "image/codec.h"
#include "image/draw.h"
#include "throng/error.h"

namespace throng {

/// A test that makes a small data set and imports it.
class DataSetFolder : public TestFolder {
 protected:
  std::filesystem::path picture(const std::filesystem::path& name, int width = 40, int height = 20) const {
    const auto path = folder() / name;
    std::filesystem::create_directories(path.parent_path());
    save_image(filled_image(width, height, {90, 120, 60}), path);
    return path;
  }

  /// Imports the folder, or one below it, and keeps what was said about it.
  Manifest import(std::string_view name, const std::filesystem::path& below = "",
                  const std::vector<std::string>& classes = {}) {
    messages = {};
    return import_data_set(name, {folder() / below, {&messages, nullptr}, classes});
  }

  std::string problem(std::string_view name, const std::filesystem::path& below = "",
                      const std::vector<std::string>& classes = {}) {
    return message_of([&] { import(name, below, classes); });
  }

  KeptMessages messages;
};

/// The entry of the picture with this file name; fails the test when there is none.
inline const ManifestEntry& entry_of(const Manifest& manifest, std::string_view file_name) {
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.image.filename() == file_name) return entry;
  }
  ADD_FAILURE() << "no entry of " << file_name;
  static const ManifestEntry kNone;
  return kNone;
}

using Points = std::vector<Point>;

}  // namespace throng
