#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Reads the golden numbers: pairs NAME.json and NAME.safetensors in the folder that THRONG_GOLDEN names. A reader of
// its own, so that the numbers do not pass through the code that they are to judge. The including test defines
// THRONG_SOURCE_DIR (throng_test does).
namespace throng::golden {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<double> values;  ///< row-major; float32 is exact in double

  std::vector<float> floats() const { return {values.begin(), values.end()}; }
};

/// The folder with the golden files: THRONG_GOLDEN, or tests/golden of the source tree.
inline std::filesystem::path folder() {
  const char* named = std::getenv("THRONG_GOLDEN");
  return named && *named ? std::filesystem::path(named) : std::filesystem::path(THRONG_SOURCE_DIR) / "tests/golden";
}

/// The folder with the real data: THRONG_DATA, or shared/data beside the source tree. It may not exist.
inline std::filesystem::path data_folder() {
  const char* named = std::getenv("THRONG_DATA");
  return named && *named ? std::filesystem::path(named)
                         : std::filesystem::path(THRONG_SOURCE_DIR).parent_path() / "shared/data";
}

/// "A:train:IMG_1" as the picture's path in the real data: part, half, name of ShanghaiTech.
inline std::filesystem::path shanghaitech_image(std::string_view name) {
  const std::size_t first = name.find(':');
  const std::size_t second = name.find(':', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) {
    throw std::runtime_error("'" + std::string(name) + "' is no ShanghaiTech picture: expected PART:HALF:NAME");
  }
  const std::string part = "part_" + std::string(name.substr(0, first)) + "_final";
  const std::string half = std::string(name.substr(first + 1, second - first - 1)) + "_data";
  return data_folder() / "shanghaitech" / part / half / "images" / (std::string(name.substr(second + 1)) + ".jpg");
}

/// One pair of files.
class File {
 public:
  explicit File(const std::filesystem::path& json_path) : name_(json_path.stem().string()) {
    numbers_ = nlohmann::json::parse(bytes_of(json_path));
    auto tensors = json_path;
    bytes_ = bytes_of(tensors.replace_extension(".safetensors"));
    std::uint64_t length = 0;
    if (bytes_.size() < sizeof length) fail("is too short for safetensors");
    std::memcpy(&length, bytes_.data(), sizeof length);
    if (length > bytes_.size() - sizeof length) fail("has a header longer than the file");
    header_ = nlohmann::json::parse(bytes_.substr(sizeof length, length));
    data_ = sizeof length + length;
  }

  const std::string& name() const { return name_; }
  const nlohmann::json& numbers() const { return numbers_; }  ///< the JSON beside the tensors
  bool has(const std::string& tensor) const { return header_.contains(tensor); }

  std::vector<std::string> tensor_names() const {
    std::vector<std::string> names;
    for (const auto& [key, value] : header_.items()) {
      if (key != "__metadata__") names.push_back(key);
    }
    return names;
  }

  /// F32 or F64.
  Tensor tensor(const std::string& name) const {
    if (!has(name)) fail("has no tensor '" + name + "'");
    const auto& entry = header_.at(name);
    Tensor tensor;
    std::size_t count = 1;
    for (const auto& side : entry.at("shape")) {
      tensor.shape.push_back(side.get<std::int64_t>());
      count *= static_cast<std::size_t>(tensor.shape.back());
    }
    const std::string dtype = entry.at("dtype");
    if (dtype != "F32" && dtype != "F64") fail("tensor '" + name + "' is " + dtype + ", expected F32 or F64");
    const std::size_t width = dtype == "F32" ? sizeof(float) : sizeof(double);
    const auto begin = entry.at("data_offsets").at(0).get<std::size_t>();
    const auto end = entry.at("data_offsets").at(1).get<std::size_t>();
    if (end < begin || end - begin != count * width || end > bytes_.size() - data_) {
      fail("tensor '" + name + "' has offsets that do not fit");
    }
    const char* from = bytes_.data() + data_ + begin;
    tensor.values.resize(count);
    for (std::size_t i = 0; i < count; ++i, from += width) {
      float single = 0;
      if (width == sizeof single) {
        std::memcpy(&single, from, width);
        tensor.values[i] = single;
      } else {
        std::memcpy(&tensor.values[i], from, width);
      }
    }
    return tensor;
  }

 private:
  static std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(name_ + ".safetensors " + what); }

  std::string name_;
  nlohmann::json numbers_;
  nlohmann::json header_;
  std::string bytes_;
  std::size_t data_ = 0;
};

/// All pairs whose names begin with `prefix` ("data_seed"), sorted. None where the folder holds only pairs of another
/// kind: skip the test then, and say so with none_of(). Throws when it holds no pair at all: golden tests without
/// numbers must fail.
inline std::vector<File> files(std::string_view prefix) {
  std::vector<std::filesystem::path> paths;
  bool any = false;
  if (std::filesystem::is_directory(folder())) {
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
      if (entry.path().extension() != ".json") continue;
      if (entry.path().filename().string().starts_with(prefix)) paths.push_back(entry.path());
      any = any || std::filesystem::exists(std::filesystem::path(entry.path()).replace_extension(".safetensors"));
    }
  }
  if (paths.empty() && !any) {
    throw std::runtime_error("no golden files in " + folder().string() + "; THRONG_GOLDEN names the folder");
  }
  std::sort(paths.begin(), paths.end());
  return {paths.begin(), paths.end()};
}

/// Why a test that got no files is skipped.
inline std::string none_of(std::string_view prefix) {
  return "no " + std::string(prefix) + "*.json in " + folder().string() + ", which holds golden files of another kind";
}

}  // namespace throng::golden
