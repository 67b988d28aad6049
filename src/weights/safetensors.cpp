#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "core/file.h"
#include "core/text.h"
#include "weights/element_type.h"
#include "weights/tensor_file.h"

// The format: 8 bytes with the header's length N, N bytes of JSON {"name": {"dtype", "shape", "data_offsets"}, ...},
// then the tensors' bytes, which the offsets count from the end of the header.
namespace throng {

namespace {

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 100'000'000;  // the limit of the format's own library
constexpr std::string_view kMetadata = "__metadata__";

// --- reading ---

struct TensorEntry {
  std::string name;
  std::string dtype = {};
  std::vector<std::int64_t> shape = {};
  std::vector<std::int64_t> offsets = {};
};

/// Receives the header piece by piece, so that no tree is built of what may be hostile, and duplicate names are seen.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderReader(const InputFile& file, std::vector<TensorEntry>& entries, std::map<std::string, std::string>& metadata)
      : file_(file), entries_(entries), metadata_(metadata) {}

  bool start_object(std::size_t) override {
    if (depth_ >= 2 || numbers_ != nullptr) unexpected("an object");
    ++depth_;
    if (depth_ == 2 && name_ != kMetadata) {
      in_entry_ = true;
      seen_.clear();
      entries_.push_back({.name = name_});
    }
    return true;
  }

  bool end_object() override {
    if (depth_ == 2 && in_entry_) {
      if (seen_.size() != 3) fail("lacks dtype, shape or data_offsets");
      in_entry_ = false;
    }
    --depth_;
    return true;
  }

  bool key(std::string& key) override {
    if (depth_ == 1) {
      name_ = key;
      if (!names_.insert(key).second) fail("is in the header twice");
    } else if (in_entry_) {
      if (key != "dtype" && key != "shape" && key != "data_offsets")
        fail(text("has the unknown key ", quoted_name(key)));
      if (!seen_.insert(key).second) fail(text("has the key ", key, " twice"));
      key_ = key;
    } else {
      if (metadata_.contains(key)) fail(text("has the key ", quoted_name(key), " twice"));
      key_ = key;
    }
    return true;
  }

  bool string(std::string& value) override {
    if (depth_ == 2 && !in_entry_) {
      metadata_.emplace(key_, value);
    } else if (in_entry_ && key_ == "dtype" && numbers_ == nullptr) {
      entries_.back().dtype = value;
    } else {
      unexpected("a string");
    }
    return true;
  }

  bool start_array(std::size_t) override {
    if (!in_entry_ || key_ == "dtype" || numbers_ != nullptr) unexpected("a list");
    numbers_ = key_ == "shape" ? &entries_.back().shape : &entries_.back().offsets;
    return true;
  }

  bool end_array() override {
    numbers_ = nullptr;
    return true;
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (numbers_ == nullptr) unexpected("a number");
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) fail("has a huge number");
    if (numbers_->size() == kMaxDimensions) fail(text("has more than ", kMaxDimensions, " dimensions"));
    numbers_->push_back(static_cast<std::int64_t>(value));
    return true;
  }

  bool number_integer(number_integer_t) override { fail("has a negative number"); }
  bool number_float(number_float_t, const std::string&) override { fail("has a number that is huge or not whole"); }
  bool null() override { unexpected("null"); }
  bool boolean(bool) override { unexpected("a truth value"); }
  bool binary(binary_t&) override { unexpected("binary data"); }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    file_.fail(text("the safetensors header is not valid JSON at its byte ", position, "; the file is damaged"));
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    file_.fail(text("entry ", quoted_name(name_), " of the safetensors header ", what));
  }
  [[noreturn]] void unexpected(std::string_view what) const { fail(text("has ", what, " where none belongs")); }

  const InputFile& file_;
  std::vector<TensorEntry>& entries_;
  std::map<std::string, std::string>& metadata_;
  int depth_ = 0;
  bool in_entry_ = false;
  std::string name_;
  std::string key_;
  std::set<std::string> names_;
  std::set<std::string> seen_;
  std::vector<std::int64_t>* numbers_ = nullptr;
};

std::string read_header(const InputFile& file) {
  ByteReader in(file, {0, file.size()});
  if (file.size() < kLengthBytes) file.fail("is too short for a safetensors file");
  const std::uint64_t length = in.little_endian(kLengthBytes);
  if (length > kMaxHeader || length > in.left()) {
    file.fail(text("gives its safetensors header a length of ", length, " bytes, and ", in.left(),
                   " follow; it is no safetensors file, or was not downloaded completely"));
  }
  return in.bytes(length);
}

/// The tensors in the order of their bytes must fill the file without a hole.
void check_layout(const InputFile& file, std::vector<TensorEntry>& entries, std::uint64_t data_bytes) {
  for (const TensorEntry& entry : entries) {
    const ElementType* type = element_type_of_safetensors(entry.dtype);
    if (type == nullptr)
      file.fail(
          text("tensor ", quoted_name(entry.name), " has the dtype ", quoted_name(entry.dtype), ", which is not read"));
    std::uint64_t bytes = 0;
    if (!checked_bytes(entry.shape, type->bytes, bytes)) {
      file.fail(text("tensor ", quoted_name(entry.name), " has an impossible shape"));
    }
    if (entry.offsets.size() != 2 || entry.offsets[1] < entry.offsets[0] ||
        static_cast<std::uint64_t>(entry.offsets[1] - entry.offsets[0]) != bytes) {
      file.fail(
          text("tensor ", quoted_name(entry.name), " needs ", bytes, " bytes by its shape and has other data_offsets"));
    }
  }
  std::ranges::sort(entries, {}, &TensorEntry::offsets);
  std::int64_t end = 0;
  for (const TensorEntry& entry : entries) {
    if (entry.offsets[0] != end) {
      file.fail(text("tensor ", quoted_name(entry.name), " begins at byte ", entry.offsets[0],
                     " of the data, but the one before it ends at ", end, "; the file is damaged"));
    }
    end = entry.offsets[1];
  }
  if (static_cast<std::uint64_t>(end) != data_bytes) {
    file.fail(text("its tensors take ", end, " bytes and ", data_bytes,
                   " follow the header; it is damaged or was not downloaded completely"));
  }
}

struct Header {
  std::vector<TensorEntry> entries;  ///< in the order of their bytes
  std::map<std::string, std::string> metadata;
  std::uint64_t data = 0;  ///< where the tensors' bytes begin in the file
};

Header checked_header(const InputFile& file) {
  Header out;
  const std::string json = read_header(file);
  HeaderReader reader(file, out.entries, out.metadata);
  nlohmann::json::sax_parse(json, &reader);
  out.data = kLengthBytes + json.size();
  check_layout(file, out.entries, file.size() - out.data);
  return out;
}

TensorFile read(const InputFile& file) {
  Header header = checked_header(file);
  TensorFile out{.tensors = {}, .metadata = std::move(header.metadata)};
  for (const TensorEntry& entry : header.entries) {
    out.tensors.emplace(entry.name, read_elements(file, header.data + static_cast<std::uint64_t>(entry.offsets[0]),
                                                  entry.shape, *element_type_of_safetensors(entry.dtype), entry.name));
  }
  return out;
}

// --- writing ---

struct Layout {
  std::string start;                ///< length and header
  std::vector<at::Tensor> tensors;  ///< in the order of their bytes
  std::uint64_t data_bytes = 0;
};

struct Part {
  const std::string* name;
  at::Tensor tensor;
  const ElementType* type;
};

/// Wider elements first, then by name: so every tensor begins at a multiple of its element size, and readers may map
/// it.
std::vector<Part> ordered_parts(const TensorFile& file) {
  std::vector<Part> parts;
  for (const auto& [name, tensor] : file.tensors) {
    const ElementType* type =
        tensor.defined() && tensor.layout() == at::kStrided ? element_type_of(tensor.scalar_type()) : nullptr;
    if (type == nullptr || name == kMetadata) {
      throw Error(ErrorKind::failure, text("tensor ", quoted_name(name),
                                           " cannot be written as safetensors: its type or name "
                                           "has no place in the format"));
    }
    parts.push_back({&name, tensor.detach(), type});
  }
  std::ranges::stable_sort(parts, std::greater{}, [](const Part& part) { return part.type->bytes; });
  return parts;
}

Layout lay_out(const TensorFile& file) {
  Layout out;
  std::map<std::string, nlohmann::ordered_json> entries;
  for (const Part& part : ordered_parts(file)) {
    const std::uint64_t end = out.data_bytes + part.tensor.nbytes();
    entries[*part.name] = {{"dtype", part.type->safetensors},
                           {"shape", part.tensor.sizes().vec()},
                           {"data_offsets", {out.data_bytes, end}}};
    out.tensors.push_back(part.tensor);
    out.data_bytes = end;
  }
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!file.metadata.empty()) header[std::string(kMetadata)] = file.metadata;
  for (auto& [name, entry] : entries) header[name] = std::move(entry);

  std::string json;
  try {
    json = header.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::failure,
                "a tensor's name or a metadata string is not UTF-8, so it cannot be written as safetensors");
  }
  json.resize((json.size() + 7) / 8 * 8, ' ');
  for (std::uint64_t i = 0; i < kLengthBytes; ++i) out.start += static_cast<char>((json.size() >> (8 * i)) & 0xff);
  out.start += json;
  return out;
}

std::span<const std::uint8_t> bytes_of(const at::Tensor& tensor) {
  return {static_cast<const std::uint8_t*>(tensor.const_data_ptr()), tensor.nbytes()};
}

}  // namespace

TensorFile read_safetensors(const std::filesystem::path& path) {
  const InputFile file(path);
  return without_torch_errors(path, ErrorKind::model, [&] { return read(file); });
}

std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& path) {
  return checked_header(InputFile(path)).metadata;
}

void write_safetensors(const TensorFile& file, const std::filesystem::path& path) {
  without_torch_errors(path, ErrorKind::failure, [&] {
    const Layout layout = lay_out(file);
    AtomicFile out(path);
    out.write(layout.start);
    // One at a time is laid out in row-major order, if it is not: a whole network may not fit twice.
    for (const at::Tensor& tensor : layout.tensors) out.write(bytes_of(tensor.to(at::kCPU).contiguous()));
    out.commit();
  });
}

}  // namespace throng
