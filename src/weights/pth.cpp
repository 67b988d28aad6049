#include <ATen/Functions.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/text.h"
#include "weights/element_type.h"
#include "weights/pickle.h"
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
// What a file may take beyond its own size: a tensor that was expanded before it was saved is larger than its storage.
constexpr std::uint64_t kAllowance = 16 << 20;

/// Where each storage lies in the file, by its key.
using StorageRegions = std::map<std::string, FileRegion>;

/// A storage as the pickle describes it; numbers in elements.
struct StorageDescription {
  std::string key;
  const ElementType* type = nullptr;
  std::int64_t length = 0;
  std::int64_t view_offset = 0;  ///< files from before 2018 may refer to a part of a storage
  std::int64_t view_length = 0;
};

StorageDescription describe_storage(const InputFile& file, const Pickle& pickle, const PickleObject& storage) {
  StorageDescription out;
  out.key = pickle[storage.items[2]].text;
  std::string_view type = pickle[storage.items[1]].text;
  type.remove_prefix(std::min(type.size(), std::string_view("torch.").size()));
  out.type = element_type_of_storage(type);
  if (out.type == nullptr) file.fail(text("storage ", quoted_name(out.key), " is of class ", quoted_name(type)));
  out.length = out.view_length = pickle[storage.items[4]].integer;
  if (out.length < 0) file.fail(text("storage ", quoted_name(out.key), " has a negative length"));
  if (storage.items.size() < 6 || pickle[storage.items[5]].kind == Kind::none) return out;

  const PickleObject& view = pickle[storage.items[5]];
  const bool complete = view.kind == Kind::tuple && view.items.size() == 3 &&
                        pickle[view.items[1]].kind == Kind::integer && pickle[view.items[2]].kind == Kind::integer;
  if (!complete) file.fail(text("the view of storage ", quoted_name(out.key), " is not described as it should be"));
  out.view_offset = pickle[view.items[1]].integer;
  out.view_length = pickle[view.items[2]].integer;
  if (out.view_offset < 0 || out.view_length < 0 || out.view_offset > out.length ||
      out.view_length > out.length - out.view_offset) {
    file.fail(text("a view of storage ", quoted_name(out.key), " reaches beyond its end"));
  }
  return out;
}

std::vector<std::int64_t> integers(const InputFile& file, const Pickle& pickle, const PickleObject& tuple,
                                   std::string_view name) {
  std::vector<std::int64_t> out;
  if (tuple.items.size() > kMaxDimensions) {
    file.fail(text("tensor ", quoted_name(name), " has ", tuple.items.size(), " dimensions"));
  }
  for (const std::uint32_t item : tuple.items) {
    if (pickle[item].kind != Kind::integer || pickle[item].integer < 0) {
      file.fail(text("tensor ", quoted_name(name), " has a size or a stride that is not a natural number"));
    }
    out.push_back(pickle[item].integer);
  }
  return out;
}

/// Where a strided tensor ends in its storage, in elements; none when the number overflows.
std::optional<std::int64_t> strided_end(std::int64_t offset, const std::vector<std::int64_t>& sizes,
                                        const std::vector<std::int64_t>& strides) {
  std::int64_t end = offset;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return offset;
    std::int64_t step = 0;
    if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &step) || __builtin_add_overflow(end, step, &end)) return {};
  }
  if (__builtin_add_overflow(end, 1, &end)) return {};
  return end;
}

/// Makes tensors of what the pickle describes. Each storage is read once, and only when a tensor needs it.
class TensorBuilder {
 public:
  TensorBuilder(const InputFile& file, const Pickle& pickle, const StorageRegions& regions)
      : file_(file), pickle_(pickle), regions_(regions) {}

  at::Tensor build(const PickleObject& tensor, std::string_view name) {
    const StorageDescription storage = describe_storage(file_, pickle_, pickle_[tensor.items[0]]);
    const std::int64_t offset = pickle_[tensor.items[1]].integer;
    const std::vector<std::int64_t> sizes = integers(file_, pickle_, pickle_[tensor.items[2]], name);
    const std::vector<std::int64_t> strides = integers(file_, pickle_, pickle_[tensor.items[3]], name);
    std::uint64_t bytes = 0;
    if (offset < 0 || strides.size() != sizes.size() || !checked_bytes(sizes, storage.type->bytes, bytes)) {
      file_.fail(text("tensor ", quoted_name(name), " has impossible sizes, strides or offset"));
    }
    const std::optional<std::int64_t> end = strided_end(offset, sizes, strides);
    if (!end || *end > storage.view_length) {
      file_.fail(text("tensor ", quoted_name(name), " reaches beyond the end of its storage of ", storage.view_length,
                      " elements"));
    }
    const at::Tensor view = load(storage, name).as_strided(sizes, strides, storage.view_offset + offset);
    if (!view.is_contiguous()) charge(bytes, name);
    return view.contiguous();
  }

 private:
  const at::Tensor& load(const StorageDescription& storage, std::string_view name) {
    const auto loaded = storages_.find(storage.key);
    if (loaded != storages_.end()) {
      if (loaded->second.scalar_type() != storage.type->type || loaded->second.numel() != storage.length) {
        file_.fail(text("storage ", quoted_name(storage.key), " is described in two ways"));
      }
      return loaded->second;
    }
    const auto region = regions_.find(storage.key);
    if (region == regions_.end()) {
      file_.fail(
          text("the storage ", quoted_name(storage.key), " of tensor ", quoted_name(name), " is not in the file"));
    }
    std::uint64_t bytes = 0;
    if (!checked_bytes({storage.length}, storage.type->bytes, bytes) || bytes != region->second.bytes) {
      file_.fail(text("the storage ", quoted_name(storage.key), " of tensor ", quoted_name(name), " should hold ",
                      storage.length, " elements of type ", storage.type->safetensors, " and has ",
                      region->second.bytes, " bytes"));
    }
    charge(bytes, name);
    at::Tensor tensor = read_elements(file_, region->second.offset, {storage.length}, *storage.type, name);
    return storages_.emplace(storage.key, std::move(tensor)).first->second;
  }

  /// Storages that lie over each other and views that repeat elements could make a small file fill the memory: what is
  /// read, and what is copied, may each be as large as the file, with some allowance.
  void charge(std::uint64_t bytes, std::string_view name) {
    if (bytes > 2 * file_.size() + kAllowance - charged_) {
      file_.fail(text("the tensors up to ", quoted_name(name),
                      " are larger than the file; it is damaged or was made to harm"));
    }
    charged_ += bytes;
  }

  const InputFile& file_;
  const Pickle& pickle_;
  const StorageRegions& regions_;
  std::map<std::string, at::Tensor> storages_;
  std::uint64_t charged_ = 0;
};

/// The dict to take tensors from: where a checkpoint nests several, the one under a usual name, else the first.
class TensorDictSearch {
 public:
  explicit TensorDictSearch(const Pickle& pickle) : pickle_(pickle) {}

  const PickleObject* find() {
    if (const PickleObject* named = under_usual_name(pickle_[pickle_.root])) return named;
    std::vector<std::uint32_t> level{pickle_.root};
    for (int depth = 0; depth < kDeepest && !level.empty(); ++depth) {
      std::vector<std::uint32_t> next;
      for (const std::uint32_t index : level) {
        if (has_tensors(pickle_[index])) return &pickle_[index];
        add_children(pickle_[index], next);
      }
      level = std::move(next);
    }
    return nullptr;
  }

 private:
  static constexpr int kDeepest = 4;

  /// {'model': {...}}, {'model': {'state_dict': {...}}}: such a dict is taken even beside loose tensors.
  const PickleObject* under_usual_name(const PickleObject& from) const {
    static constexpr std::string_view kUsual[] = {"model",   "state_dict", "model_state_dict", "net",
                                                  "network", "module",     "params",           "weights"};
    const PickleObject* found = &from;
    for (int depth = 0; depth < kDeepest; ++depth) {
      const PickleObject* inner = nullptr;
      for (const std::string_view name : kUsual) {
        if (inner == nullptr) inner = child(*found, name);
      }
      if (inner == nullptr) break;
      found = inner;
    }
    return found != &from && has_tensors(*found) ? found : nullptr;
  }

  const PickleObject* child(const PickleObject& dict, std::string_view name) const {
    if (dict.kind != Kind::dict) return nullptr;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      const PickleObject& value = pickle_[dict.items[i + 1]];
      if (value.kind == Kind::dict && is_named(dict.items[i], name)) return &value;
    }
    return nullptr;
  }

  bool is_named(std::uint32_t key, std::string_view name) const {
    return pickle_[key].kind == Kind::string && pickle_[key].text == name;
  }

  bool has_tensors(const PickleObject& dict) const {
    if (dict.kind != Kind::dict) return false;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      if (pickle_[dict.items[i]].kind == Kind::string && pickle_[dict.items[i + 1]].kind == Kind::tensor) return true;
    }
    return false;
  }

  /// Dicts below named keys, but for an optimiser's: its moments have no weights among them.
  void add_children(const PickleObject& dict, std::vector<std::uint32_t>& to) {
    if (dict.kind != Kind::dict) return;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      const PickleObject& key = pickle_[dict.items[i]];
      const std::uint32_t value = dict.items[i + 1];
      const bool wanted = key.kind == Kind::string && !key.text.starts_with("optim");
      if (wanted && pickle_[value].kind == Kind::dict && seen_.insert(value).second) to.push_back(value);
    }
  }

  const Pickle& pickle_;
  std::set<std::uint32_t> seen_;  ///< a dict may be shared, or contain itself
};

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
  const PickleObject* dict = TensorDictSearch(pickle).find();
  if (dict == nullptr) {
    file.fail(
        "holds no dict of tensors (looked at the top and in dicts below it); save it with "
        "torch.save(model.state_dict(), path)");
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
    file.fail("is a pickle that torch.save did not write; code in pickles is never run");
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
