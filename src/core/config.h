#pragma once

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "throng/error.h"

// A config struct declares each field once, in a visit function that the reader, the writer and the docs share:
//
//   struct CropConfig {
//     std::int64_t size = 128;
//     template <class Visitor> void visit(Visitor&& field) {
//       field("size", size, "side of a training crop, pixels", at_least(16));
//     }
//   };
//
// Fields may be bool, std::int64_t, double, std::string, further config structs, and (nested) vectors of these.
namespace throng {

using Json = nlohmann::ordered_json;

/// What values a number may take, ends included.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};
constexpr Range at_least(double low) { return {low, std::numeric_limits<double>::infinity()}; }
constexpr Range between(double low, double high) { return {low, high}; }

/// What words a string may be; an empty list allows all.
using Choices = std::vector<std::string>;

template <class T>
concept ConfigStruct = requires(T value) {
  value.visit([](auto&&...) {});
};

/// Reads one object of a config tree into a struct. Throws Error(usage) with the full key, the place and what is
/// accepted.
class ConfigReader {
 public:
  /// `where` names the source (a file), `prefix` the key path so far ("train.").
  ConfigReader(const Json& object, std::string where, std::string prefix = "");

  template <class T>
  void operator()(std::string_view name, T& value, std::string_view /*help*/, Range range = {}) {
    if (const Json* found = take(name)) read(*found, key(name), value, range);
  }
  void operator()(std::string_view name, std::string& value, std::string_view /*help*/, const Choices& choices = {});

  /// Throws for a key that no field declared, naming the nearest one that exists.
  void reject_unknown() const;

 private:
  const Json* take(std::string_view name);
  std::string key(std::string_view name) const { return prefix_ + std::string(name); }
  [[noreturn]] void wrong_type(const std::string& key, const Json& found, std::string_view expected) const;
  void check(const std::string& key, double value, Range range) const;

  void read(const Json& found, const std::string& key, bool& value, Range range) const;
  void read(const Json& found, const std::string& key, std::int64_t& value, Range range) const;
  void read(const Json& found, const std::string& key, double& value, Range range) const;
  void read(const Json& found, const std::string& key, std::string& value, Range range) const;
  template <class T>
  void read(const Json& found, const std::string& key, std::vector<T>& value, Range range) const {
    if (!found.is_array()) wrong_type(key, found, "a list");
    value.clear();
    for (std::size_t i = 0; i < found.size(); ++i) {
      T element{};
      read(found[i], key + "[" + std::to_string(i) + "]", element, range);
      value.push_back(std::move(element));
    }
  }
  template <ConfigStruct T>
  void read(const Json& found, const std::string& key, T& value, Range) const {
    if (!found.is_object()) wrong_type(key, found, "a table");
    ConfigReader reader(found, where_, key + ".");
    value.visit(reader);
    reader.reject_unknown();
  }

  const Json& object_;
  std::string where_;
  std::string prefix_;
  std::vector<std::string> known_;
};

template <ConfigStruct T>
void read_config(const Json& object, const std::string& where, T& value) {
  ConfigReader reader(object, where);
  value.visit(reader);
  reader.reject_unknown();
}

/// Turns a struct into a tree with every field, defaults included.
class ConfigWriter {
 public:
  template <class T, class... Rest>
  void operator()(std::string_view name, T& value, std::string_view /*help*/, const Rest&...) {
    object_[std::string(name)] = tree(value);
  }
  Json take() { return std::move(object_); }

 private:
  template <class T>
  static Json tree(T& value) {
    if constexpr (ConfigStruct<T>) {
      ConfigWriter writer;
      value.visit(writer);
      return writer.take();
    } else {
      return Json(value);
    }
  }
  template <class T>
  static Json tree(std::vector<T>& values) {
    Json array = Json::array();
    for (auto& value : values) array.push_back(tree(value));
    return array;
  }
  static Json tree(std::vector<bool>&) = delete;

  Json object_ = Json::object();
};

template <ConfigStruct T>
Json config_tree(T value) {
  ConfigWriter writer;
  value.visit(writer);
  return writer.take();
}

/// One line of a config's reference: full key, default, help.
struct ConfigField {
  std::string key;
  std::string value;
  std::string help;
};

/// Lists every field of a struct with its default, for help texts and docs.
class ConfigLister {
 public:
  explicit ConfigLister(std::vector<ConfigField>& fields, std::string prefix = "")
      : fields_(fields), prefix_(std::move(prefix)) {}

  template <class T, class... Rest>
  void operator()(std::string_view name, T& value, std::string_view help, const Rest&...) {
    if constexpr (ConfigStruct<T>) {
      ConfigLister lister(fields_, prefix_ + std::string(name) + ".");
      value.visit(lister);
    } else {
      ConfigWriter writer;
      writer(name, value, help);
      fields_.push_back({prefix_ + std::string(name), writer.take().front().dump(), std::string(help)});
    }
  }

 private:
  std::vector<ConfigField>& fields_;
  std::string prefix_;
};

template <ConfigStruct T>
std::vector<ConfigField> list_config() {
  std::vector<ConfigField> fields;
  T value;
  ConfigLister lister(fields);
  value.visit(lister);
  return fields;
}

/// Reads a TOML file as a tree. A top-level `extends = "other.toml"` (relative to the file) is read first and overlaid,
/// tables merged key by key, lists replaced. Throws Error(usage) with file and line.
Json read_toml(const std::filesystem::path& path);

/// Sets `section.key` of a tree from "section.key=value"; the value is read as TOML, a bare word as a string. Where
/// `known`, a tree with every key (config_tree of a default struct), holds a text, the value is that text as it stands,
/// with or without quotes: name=2024.
void set_key(Json& tree, std::string_view assignment, const Json& known = Json::object());

/// Writes a tree as TOML that read_toml reads back to the same tree.
std::string to_toml(const Json& tree);

}  // namespace throng
