#include "weights/zip_archive.h"

#include <algorithm>

#include "core/text.h"

namespace throng {

namespace {

// APPNOTE.TXT of PKWARE: 4.3.7 local header, 4.3.12 central directory, 4.3.14 to 4.3.16 its end, 4.5.3 zip64.
constexpr std::uint64_t kLocalHeaderBytes = 30;
constexpr std::uint64_t kEntryBytes = 46;
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kEnd64LocatorBytes = 20;
constexpr std::uint64_t kEnd64Bytes = 56;
constexpr std::uint64_t kLongestComment = 0xffff;
constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kEntry = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64Locator = 0x07064b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint64_t kInZip64 = 0xffffffff;
constexpr std::uint16_t kZip64Extra = 1;

std::uint64_t number(std::string_view bytes, std::size_t at, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)])) << (8 * i);
  }
  return value;
}

struct Directory {
  std::uint64_t entries = 0;
  FileRegion region;
};

/// The zip64 form of the end record, where the plain one at `end` says that a number does not fit.
Directory find_directory64(const InputFile& file, std::uint64_t end) {
  if (end < kEnd64LocatorBytes) file.fail("the zip archive lacks its zip64 record; it is damaged");
  const std::string locator = file.read({end - kEnd64LocatorBytes, kEnd64LocatorBytes});
  if (number(locator, 0, 4) != kEnd64Locator) file.fail("the zip archive lacks its zip64 record; it is damaged");
  const FileRegion where{number(locator, 8, 8), kEnd64Bytes};
  if (!file.contains(where)) file.fail("the zip64 record of the archive lies beyond the end of the file");
  const std::string record = file.read(where);
  if (number(record, 0, 4) != kEnd64) file.fail("the zip archive lacks its zip64 record; it is damaged");
  return {number(record, 32, 8), {number(record, 48, 8), number(record, 40, 8)}};
}

/// The end record is the last thing in the file but for a comment of known length.
Directory find_directory(const InputFile& file) {
  const std::uint64_t tail_bytes = std::min(file.size(), kEndBytes + kLongestComment);
  const std::uint64_t tail_start = file.size() - tail_bytes;
  const std::string tail = file.read({tail_start, tail_bytes});
  for (std::uint64_t at = tail_bytes < kEndBytes ? 0 : tail_bytes - kEndBytes + 1; at-- > 0;) {
    if (number(tail, at, 4) != kEnd || at + kEndBytes + number(tail, at + 20, 2) != tail_bytes) continue;
    const Directory directory{number(tail, at + 10, 2), {number(tail, at + 16, 4), number(tail, at + 12, 4)}};
    const bool in_zip64 =
        directory.entries == 0xffff || directory.region.offset == kInZip64 || directory.region.bytes == kInZip64;
    return in_zip64 ? find_directory64(file, tail_start + at) : directory;
  }
  file.fail("begins as a zip archive and has no end of one; it is damaged or was not downloaded completely");
}

/// Sizes and offset that do not fit in 32 bits stand in an extra field.
void apply_zip64(const InputFile& file, std::string_view extra, ZipEntry& entry) {
  while (extra.size() >= 4) {
    const std::uint64_t id = number(extra, 0, 2);
    const std::uint64_t bytes = number(extra, 2, 2);
    extra.remove_prefix(4);
    if (bytes > extra.size()) break;
    if (id == kZip64Extra) {
      std::string_view field = extra.substr(0, bytes);
      for (std::uint64_t* value : {&entry.size, &entry.compressed, &entry.header}) {
        if (*value != kInZip64) continue;
        if (field.size() < 8)
          file.fail(text("entry ", quoted_name(entry.name), " of the zip archive lacks a zip64 number"));
        *value = number(field, 0, 8);
        field.remove_prefix(8);
      }
      return;
    }
    extra.remove_prefix(bytes);
  }
}

/// Takes one entry from the front of the directory's bytes.
ZipEntry take_entry(const InputFile& file, std::string_view& bytes) {
  if (bytes.size() < kEntryBytes || number(bytes, 0, 4) != kEntry) {
    file.fail("the directory of the zip archive is damaged");
  }
  const std::uint64_t name_bytes = number(bytes, 28, 2);
  const std::uint64_t extra_bytes = number(bytes, 30, 2);
  const std::uint64_t all = kEntryBytes + name_bytes + extra_bytes + number(bytes, 32, 2);
  if (all > bytes.size()) file.fail("the directory of the zip archive is damaged");
  ZipEntry entry{.name = std::string(bytes.substr(kEntryBytes, name_bytes)),
                 .flags = number(bytes, 8, 2),
                 .method = number(bytes, 10, 2),
                 .compressed = number(bytes, 20, 4),
                 .size = number(bytes, 24, 4),
                 .header = number(bytes, 42, 4)};
  apply_zip64(file, bytes.substr(kEntryBytes + name_bytes, extra_bytes), entry);
  bytes.remove_prefix(all);
  return entry;
}

}  // namespace

std::map<std::string, ZipEntry> read_zip_directory(const InputFile& file) {
  const Directory directory = find_directory(file);
  if (!file.contains(directory.region) || directory.entries > directory.region.bytes / kEntryBytes) {
    file.fail("the directory of the zip archive does not lie inside the file; it is damaged");
  }
  const std::string bytes = file.read(directory.region);
  std::string_view left = bytes;
  std::map<std::string, ZipEntry> entries;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const ZipEntry entry = take_entry(file, left);
    if (!entries.emplace(entry.name, entry).second) {
      file.fail("two entries of the zip archive have the same name");
    }
  }
  return entries;
}

FileRegion locate(const InputFile& file, const ZipEntry& entry) {
  const auto fail = [&](std::string_view what) {
    file.fail(text("entry ", quoted_name(entry.name), " of the zip archive ", what));
  };
  if (entry.method != 0 || entry.compressed != entry.size) {
    fail("is compressed; torch.save stores them as they are, so unpack the archive and zip it with -0");
  }
  if ((entry.flags & 1) != 0) fail("is encrypted");
  if (!file.contains({entry.header, kLocalHeaderBytes})) fail("lies beyond the end of the file");
  const std::string header = file.read({entry.header, kLocalHeaderBytes});
  if (number(header, 0, 4) != kLocalHeader) fail("has no header; the file is damaged");
  // The local header's extra field may differ from the directory's.
  const FileRegion region{entry.header + kLocalHeaderBytes + number(header, 26, 2) + number(header, 28, 2), entry.size};
  if (!file.contains(region)) fail("lies beyond the end of the file");
  return region;
}

}  // namespace throng
