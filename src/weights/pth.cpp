#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/text.h"
#include "weights/element_type.h"
#include "weights/pickle.h"
#include "weights/pickled_tensor.h"
#include "weights/tensor_dict.h"
#include "weights/tensor_file.h"
#include "weights/zip_archive.h"

namespace throng {

namespace {

using Kind = PickleObject::Kind;

// First values of a legacy file, torch/serialization.py: MAGIC_NUMBER (little-endian) and PROTOCOL_VERSION.
constexpr std::string_view kLegacyMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr std::int64_t kLegacyVersion = 1001;
constexpr std::string_view kZipStart = "PK\x03\x04";
constexpr std::size_t kLongestName = 4096;

/// What a pickle would have made by running code, for the end of a message; "" when nothing.
std::string passed_over(const Pickle& pickle) {
  constexpr std::size_t kTold = 3;
  std::vector<std::string> names;
  for (const PickleObject& object : pickle.objects) {
    if (object.kind != Kind::opaque || object.text.empty()) continue;
    std::string name = quoted_name(object.text);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    if (names.size() == kTold) break;
  }
  if (names.empty()) return {};
  return text("; what ", join(names, ", "), " would make is passed over, for code in pickles is never run");
}

void drop_module_prefix(std::map<std::string, at::Tensor>& tensors) {
  constexpr std::string_view kPrefix = "module.";
  const auto all_have_it = [&] {
    return std::ranges::all_of(tensors, [&](const auto& entry) { return entry.first.starts_with(kPrefix); });
  };
  while (!tensors.empty() && all_have_it()) {
    std::map<std::string, at::Tensor> shorter;
    for (auto& [name, tensor] : tensors) shorter.emplace(name.substr(kPrefix.size()), std::move(tensor));
    tensors = std::move(shorter);
  }
}

TensorFile build_tensors(const InputFile& file, const Pickle& pickle, const StorageRegions& regions) {
  const PickleObject* dict = find_tensor_dict(pickle);
  if (dict == nullptr) {
    file.fail(text("holds no dict of tensors (looked at the top and in dicts below it)", passed_over(pickle),
                   "; save it with torch.save(model.state_dict(), path)"));
  }
  TensorBuilder builder(file, pickle, regions);
  TensorFile out;
  std::map<std::string, const PickleObject*> last;  // as in Python, the last value of a key counts
  for (std::size_t i = 0; i < dict->items.size(); i += 2) {
    const PickleObject& key = pickle[dict->items[i]];
    if (key.kind != Kind::string) continue;
    if (key.text.size() > kLongestName)
      file.fail(text("has the name ", quoted_name(key.text), " of ", key.text.size(), " bytes"));
    last[key.text] = &pickle[dict->items[i + 1]];
  }
  for (const auto& [name, value] : last) {
    if (value->kind == Kind::tensor) out.tensors.emplace(name, builder.build(*value, name));
  }
  drop_module_prefix(out.tensors);
  return out;
}

// --- zip: ARCHIVE/data.pkl, ARCHIVE/byteorder, ARCHIVE/data/KEY ---

std::string archive_name(const InputFile& file, const std::map<std::string, ZipEntry>& entries) {
  for (const auto& [name, entry] : entries) {
    const std::size_t slash = name.find('/');
    if (slash == std::string::npos || name.substr(slash) != "/data.pkl") continue;
    std::string archive = name.substr(0, slash);
    if (entries.contains(archive + "/constants.pkl")) {
      file.fail("is a TorchScript program, not a file of weights; save it with torch.save(model.state_dict(), path)");
    }
    return archive;
  }
  file.fail("is a zip archive without data.pkl, so torch.save did not write it");
}

void check_byte_order(const InputFile& file, const std::map<std::string, ZipEntry>& entries,
                      const std::string& archive) {
  const auto entry = entries.find(archive + "/byteorder");
  if (entry == entries.end()) return;
  const FileRegion order = locate(file, entry->second);
  constexpr std::uint64_t kLongestOrder = 16;
  if (order.bytes > kLongestOrder || trim(file.read(order)) != "little") {
    file.fail("was written in big-endian byte order, which is not read; save it again on a little-endian machine");
  }
}

TensorFile read_zip(const InputFile& file) {
  const std::map<std::string, ZipEntry> entries = read_zip_directory(file);
  const std::string archive = archive_name(file, entries);
  check_byte_order(file, entries, archive);
  StorageRegions regions;
  const std::string prefix = archive + "/data/";
  for (auto entry = entries.lower_bound(prefix); entry != entries.end() && entry->first.starts_with(prefix); ++entry) {
    regions.emplace(entry->first.substr(prefix.size()), locate(file, entry->second));
  }
  ByteReader in(file, locate(file, entries.at(archive + "/data.pkl")));
  return build_tensors(file, read_pickle(in), regions);
}

// --- legacy: pickles of magic number, version, system, object and storage keys; then each storage's length and bytes
// ---

void check_legacy_start(ByteReader& in) {
  const InputFile& file = in.file();
  const Pickle magic = read_pickle(in);
  if (magic[magic.root].kind != Kind::big_integer || magic[magic.root].text != kLegacyMagic) {
    file.fail(text("is a pickle that torch.save did not write", passed_over(magic)));
  }
  const Pickle version = read_pickle(in);
  if (version[version.root].kind != Kind::integer || version[version.root].integer != kLegacyVersion) {
    file.fail("has an unknown version of torch's legacy format");
  }
  const Pickle system = read_pickle(in);
  const PickleObject& facts = system[system.root];
  for (std::size_t i = 0; facts.kind == Kind::dict && i < facts.items.size(); i += 2) {
    const PickleObject& value = system[facts.items[i + 1]];
    if (system[facts.items[i]].text == "little_endian" && value.kind == Kind::boolean && value.integer == 0) {
      file.fail("was written in big-endian byte order, which is not read; save it again on a little-endian machine");
    }
  }
}

/// The file gives lengths in elements; only the pickle knows how large those are.
std::map<std::string, const ElementType*> storage_types(const InputFile& file, const Pickle& pickle) {
  std::map<std::string, const ElementType*> types;
  for (const PickleObject& object : pickle.objects) {
    if (object.kind != Kind::storage) continue;
    const StorageDescription storage = describe_storage(file, pickle, object);
    const auto [known, added] = types.emplace(storage.key, storage.type);
    if (!added && known->second != storage.type) {
      file.fail(text("storage ", quoted_name(storage.key), " is described in two ways"));
    }
  }
  return types;
}

StorageRegions read_legacy_storages(ByteReader& in, const Pickle& pickle) {
  const InputFile& file = in.file();
  const std::map<std::string, const ElementType*> types = storage_types(file, pickle);
  const Pickle keys = read_pickle(in);
  if (keys[keys.root].kind != Kind::list) file.fail("lacks the list of its storages; it is damaged");
  StorageRegions regions;
  for (const std::uint32_t item : keys[keys.root].items) {
    const std::string& key = keys[item].text;
    const auto type = types.find(key);
    if (type == types.end() || regions.contains(key)) {
      file.fail(text("lists storage ", quoted_name(key), ", which no tensor uses or which stands there twice"));
    }
    const std::uint64_t length = in.little_endian(8);
    if (length > in.left() / type->second->bytes) {
      file.fail(
          text("ends inside storage ", quoted_name(key), " of ", length, " elements; it is damaged or incomplete"));
    }
    const std::uint64_t bytes = length * type->second->bytes;
    regions.emplace(key, FileRegion{in.position(), bytes});
    in.skip(bytes);
  }
  return regions;
}

TensorFile read_legacy(const InputFile& file) {
  ByteReader in(file, {0, file.size()});
  check_legacy_start(in);
  const Pickle pickle = read_pickle(in);
  const StorageRegions regions = read_legacy_storages(in, pickle);
  return build_tensors(file, pickle, regions);
}

bool is_pickle(std::string_view head) { return head.size() >= 2 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5; }

/// The 8-byte length of a header, then the header, which is JSON.
bool is_safetensors(std::string_view head) { return head.size() >= 9 && head[8] == '{'; }

}  // namespace

TensorFile read_pth(const std::filesystem::path& path) {
  const InputFile file(path);
  return without_torch_errors(path, ErrorKind::model, [&] {
    const std::string head = file.head(16);
    if (head.starts_with(kZipStart)) return read_zip(file);
    if (is_pickle(head)) return read_legacy(file);
    file.fail("is no .pth file: it begins neither as a zip archive nor as a pickle of torch.save");
  });
}

TensorFile read_tensor_file(const std::filesystem::path& path) {
  const std::string head = InputFile(path).head(16);
  if (is_safetensors(head)) return read_safetensors(path);
  if (head.starts_with(kZipStart) || is_pickle(head)) return read_pth(path);
  InputFile(path).fail("is no weight file: it begins neither as safetensors nor as a .pth of torch.save");
}

}  // namespace throng
