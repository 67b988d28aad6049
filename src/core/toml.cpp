#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "core/config.h"
#include "core/file.h"
#include "core/text.h"

namespace throng {

namespace {

namespace fs = std::filesystem;

Json tree_of(const toml::node& node, const std::string& where);

std::pair<std::uint64_t, std::uint64_t> position(const toml::node& node) {
  return {node.source().begin.line, node.source().begin.column};
}

/// toml++ sorts keys by name; a config keeps the order in which its author wrote them.
Json tree_of(const toml::table& table, const std::string& where) {
  std::vector<std::pair<std::string, const toml::node*>> entries;
  for (const auto& [key, node] : table) entries.emplace_back(std::string(key.str()), &node);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return position(*a.second) < position(*b.second); });
  Json object = Json::object();
  for (const auto& [key, node] : entries) object[key] = tree_of(*node, where);
  return object;
}

Json tree_of(const toml::array& array, const std::string& where) {
  Json list = Json::array();
  for (const toml::node& node : array) list.push_back(tree_of(node, where));
  return list;
}

Json tree_of(const toml::node& node, const std::string& where) {
  if (const auto* table = node.as_table()) return tree_of(*table, where);
  if (const auto* array = node.as_array()) return tree_of(*array, where);
  if (const auto* text = node.as_string()) return Json(text->get());
  if (const auto* integer = node.as_integer()) return Json(integer->get());
  if (const auto* number = node.as_floating_point()) return Json(number->get());
  if (const auto* truth = node.as_boolean()) return Json(truth->get());
  throw Error(ErrorKind::usage, text(where, ":", node.source().begin.line,
                                     ": dates and times are not settings; put the value in quotes to make it a text"));
}

Json parse(const std::string& content, const std::string& where) {
  try {
    return tree_of(toml::parse(content), where);
  } catch (const toml::parse_error& error) {
    const auto begin = error.source().begin;
    throw Error(ErrorKind::usage, text(where, ":", begin.line, ":", begin.column, ": ", error.description()));
  }
}

void overlay(Json& base, const Json& top) {
  for (const auto& [key, value] : top.items()) {
    if (value.is_object() && base.contains(key) && base[key].is_object()) {
      overlay(base[key], value);
    } else {
      base[key] = value;
    }
  }
}

std::string read_config_file(const fs::path& path, const std::vector<fs::path>& chain) {
  try {
    return read_text_file(path);
  } catch (const Error& error) {
    const std::string from = chain.empty() ? "" : text(", which '", chain.back().string(), "' extends");
    throw Error(ErrorKind::usage, error.what() + from);
  }
}

/// `chain` holds the files that led here through `extends`.
Json read_extended(const fs::path& path, std::vector<fs::path>& chain) {
  const std::string where = path.string();
  const std::string content = read_config_file(path, chain);
  const fs::path canonical = fs::weakly_canonical(path);
  if (std::find(chain.begin(), chain.end(), canonical) != chain.end()) {
    std::string sentence = "the configs extend each other in a circle: ";
    for (const fs::path& link : chain) sentence += link.string() + " -> ";
    throw Error(ErrorKind::usage, sentence + canonical.string());
  }
  Json tree = parse(content, where);
  const auto extends = tree.find("extends");
  if (extends == tree.end()) return tree;
  if (!extends->is_string()) {
    throw Error(ErrorKind::usage, text(where, ": 'extends' must be the name of another config in quotes"));
  }
  const fs::path parent = path.parent_path() / extends->get<std::string>();
  tree.erase("extends");
  chain.push_back(canonical);
  Json base = read_extended(parent, chain);
  overlay(base, tree);
  return base;
}

/// A value of the command line: TOML where it is TOML, else a bare word that stands for itself. Where a text belongs,
/// only quotes are TOML: 2024, true and [a] are words then.
Json value_of(const std::string& value, std::string_view assignment, bool is_text) {
  const bool line_break = value.find('\n') != std::string::npos;
  const bool quoted = value.starts_with('"') || value.starts_with('\'');
  if (!value.empty() && !line_break && (quoted || !is_text)) {
    try {
      return tree_of(*toml::parse("value = " + value).get("value"), "--set");
    } catch (const toml::parse_error& error) {
      constexpr std::string_view kOpening = "[{\"'";
      if (kOpening.find(value.front()) != std::string_view::npos) {
        throw Error(ErrorKind::usage, text("cannot read the value of '", assignment, "': ", error.description()));
      }
    } catch (const Error&) {
      return Json(value);
    }
  }
  return Json(value);
}

std::string toml_text(const std::string& value) {
  std::string quoted;
  try {
    quoted = Json(value).dump();
  } catch (const Json::exception&) {
    throw Error(ErrorKind::usage, text("a text that is not UTF-8 cannot be written as TOML: ",
                                       Json(value).dump(-1, ' ', false, Json::error_handler_t::replace)));
  }
  // JSON's escapes are TOML's, except that TOML also wants DEL escaped.
  std::string out;
  for (const char letter : quoted) {
    if (letter == '\x7f') {
      out += "\\u007F";
    } else {
      out += letter;
    }
  }
  return out;
}

std::string toml_key(const std::string& key) {
  const auto bare = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !key.empty() && std::all_of(key.begin(), key.end(), bare) ? key : toml_text(key);
}

std::string toml_number(double value) {
  std::string out = text(value);
  // "3" would be read back as an integer.
  if (out.find_first_of(".enai") == std::string::npos) out += ".0";
  return out;
}

std::string toml_value(const Json& value) {
  if (value.is_string()) return toml_text(value.get<std::string>());
  if (value.is_boolean()) return text(value.get<bool>());
  if (value.is_number_integer()) return value.dump();
  if (value.is_number_float()) return toml_number(value.get<double>());
  std::vector<std::string> parts;
  if (value.is_array()) {
    for (const Json& element : value) parts.push_back(toml_value(element));
    return text("[", join(parts, ", "), "]");
  }
  if (value.is_object()) {
    for (const auto& [key, element] : value.items()) parts.push_back(text(toml_key(key), " = ", toml_value(element)));
    return parts.empty() ? "{}" : text("{ ", join(parts, ", "), " }");
  }
  throw Error(ErrorKind::usage, "a setting without a value (null) cannot be written as TOML");
}

void write_table(const Json& table, const std::string& path, std::string& out) {
  // After a [header] every line belongs to it, so the plain values come before the tables.
  for (const auto& [key, value] : table.items()) {
    if (!value.is_object()) out += text(toml_key(key), " = ", toml_value(value), "\n");
  }
  for (const auto& [key, value] : table.items()) {
    if (!value.is_object()) continue;
    const std::string inner = path.empty() ? toml_key(key) : text(path, ".", toml_key(key));
    out += text(out.empty() ? "" : "\n", "[", inner, "]\n");
    write_table(value, inner, out);
  }
}

}  // namespace

Json read_toml(const fs::path& path) {
  std::vector<fs::path> chain;
  return read_extended(path, chain);
}

void set_key(Json& tree, std::string_view assignment, const Json& known) {
  const std::size_t equals = assignment.find('=');
  const std::string_view path = trim(assignment.substr(0, equals));
  const std::vector<std::string> keys = split(path, '.');
  const bool empty_key = std::any_of(keys.begin(), keys.end(), [](const std::string& key) { return key.empty(); });
  if (equals == std::string_view::npos || empty_key) {
    throw Error(ErrorKind::usage, text("'", assignment, "' is not a setting: write section.key=value"));
  }
  Json* place = &tree;
  const Json* example = &known;
  const auto descend = [&](const std::string& key) {
    example = example && example->contains(key) ? &(*example)[key] : nullptr;
  };
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    place = &(*place)[keys[i]];
    descend(keys[i]);
    if (place->is_null()) *place = Json::object();
    if (!place->is_object()) {
      throw Error(ErrorKind::usage, text("cannot set '", path, "': '", keys[i], "' is a value, not a section"));
    }
  }
  descend(keys.back());
  const bool is_text = example && example->is_string();
  (*place)[keys.back()] = value_of(std::string(trim(assignment.substr(equals + 1))), assignment, is_text);
}

std::string to_toml(const Json& tree) {
  std::string out;
  write_table(tree, "", out);
  return out;
}

}  // namespace throng
