#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"
#include "weights/scratch.h"

// Builds .pth files byte by byte, good and hostile ones.
namespace throng::pth {

inline std::string str(const std::string& value) { return text("X", little_endian(value.size(), 4), value); }
inline std::string integer(std::int64_t value) {
  return "\x8a\x08" + little_endian(static_cast<std::uint64_t>(value), 8);
}
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string tuple(const std::vector<std::int64_t>& values) {
  std::string out = "(";
  for (const std::int64_t value : values) out += integer(value);
  return out + "t";
}
inline std::string storage(const std::string& type, const std::string& key, std::int64_t length) {
  return "(" + str("storage") + global("torch", type) + str(key) + str("cpu") + integer(length) + "tQ";
}
/// A call of _rebuild_tensor_v2 with the storage given as opcodes.
inline std::string tensor(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& sizes,
                          const std::vector<std::int64_t>& strides) {
  return global("torch._utils", "_rebuild_tensor_v2") + "(" + storage + integer(offset) + tuple(sizes) +
         tuple(strides) + "\x89" + global("collections", "OrderedDict") + ")RtR";
}
/// A dict of names and values given as opcodes.
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string out = "}(";
  for (const auto& [name, value] : entries) out += str(name) + value;
  return out + "u";
}
inline std::string pickle(const std::string& opcodes) { return "\x80\x02" + opcodes + "."; }

struct StorageBytes {
  std::string key;
  std::string bytes;
  std::int64_t length;  ///< elements
};

inline std::string legacy_file(const std::string& opcodes, const std::vector<StorageBytes>& storages,
                               bool little = true) {
  std::string out = pickle("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + pickle("M\xe9\x03");
  out += pickle(dict({{"protocol_version", "M\xe9\x03"}, {"little_endian", little ? "\x88" : "\x89"}}));
  std::string keys = "](";
  std::string data;
  for (const StorageBytes& storage : storages) {
    keys += str(storage.key);
    data += little_endian(static_cast<std::uint64_t>(storage.length), 8) + storage.bytes;
  }
  return out + pickle(opcodes) + pickle(keys + "e") + data;
}

struct ZipEntry {
  std::string name;
  std::string bytes;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::int64_t lie_about_size = 0;    ///< added to the sizes in the directory
  std::int64_t lie_about_offset = 0;  ///< added to the header's place in the directory
};

inline std::string zip_archive(const std::vector<ZipEntry>& entries) {
  std::string out;
  std::string directory;
  for (const ZipEntry& entry : entries) {
    const std::uint64_t at = out.size() + static_cast<std::uint64_t>(entry.lie_about_offset);
    const std::uint64_t size = entry.bytes.size() + static_cast<std::uint64_t>(entry.lie_about_size);
    const std::string sizes = little_endian(size, 4) + little_endian(size, 4) + little_endian(entry.name.size(), 2);
    const std::string kind = little_endian(entry.flags, 2) + little_endian(entry.method, 2) + std::string(8, '\0');
    out += "PK\x03\x04" + little_endian(20, 2) + kind + sizes + little_endian(0, 2) + entry.name + entry.bytes;
    directory += "PK\x01\x02" + little_endian(20, 2) + little_endian(20, 2) + kind + sizes + std::string(12, '\0') +
                 little_endian(at, 4) + entry.name;
  }
  const std::string count = little_endian(entries.size(), 2);
  return out + directory + "PK\x05\x06" + std::string(4, '\0') + count + count + little_endian(directory.size(), 4) +
         little_endian(out.size(), 4) + little_endian(0, 2);
}

inline std::string zip_file(const std::string& opcodes, const std::vector<StorageBytes>& storages,
                            const std::string& order = "little") {
  std::vector<ZipEntry> entries{{.name = "archive/data.pkl", .bytes = pickle(opcodes)},
                                {.name = "archive/byteorder", .bytes = order}};
  for (const StorageBytes& storage : storages) {
    entries.push_back({.name = "archive/data/" + storage.key, .bytes = storage.bytes});
  }
  return zip_archive(entries);
}

}  // namespace throng::pth
