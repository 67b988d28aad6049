#pragma once

#include <map>
#include <string>

#include "weights/input_file.h"

namespace throng {

/// What the directory of a zip archive says about one entry; none of it has been checked against the file.
struct ZipEntry {
  std::string name;
  std::uint64_t flags = 0;
  std::uint64_t method = 0;
  std::uint64_t compressed = 0;  ///< bytes
  std::uint64_t size = 0;        ///< bytes
  std::uint64_t header = 0;      ///< where its local header lies in the file
};

/// The entries of a zip archive by name. Reads what torch.save writes: one disk, zip64 where needed. Throws
/// Error(model) for anything else and for names that occur twice.
std::map<std::string, ZipEntry> read_zip_directory(const InputFile& file);

/// Where the bytes of an entry lie. Throws Error(model) when it is compressed, encrypted, or not inside the file.
FileRegion locate(const InputFile& file, const ZipEntry& entry);

}  // namespace throng
