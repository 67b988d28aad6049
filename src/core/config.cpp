#include "core/config.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace throng {

namespace {

std::string shown(const Json& value) {
  constexpr std::size_t kLongest = 60;
  std::string out =
      value.is_number_float() ? text(value.get<double>()) : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (out.size() > kLongest) out = out.substr(0, kLongest) + "...";
  return out;
}

std::string accepted(Range range) {
  const bool low = std::isfinite(range.low);
  const bool high = std::isfinite(range.high);
  if (low && high) return text("from ", range.low, " to ", range.high);
  if (low) return text(range.low, " or more");
  return text(range.high, " or less");
}

[[noreturn]] void refuse(const std::string& where, const std::string& key, const std::string& complaint) {
  throw Error(ErrorKind::usage, text(where, ": '", key, "' ", complaint));
}

}  // namespace

ConfigReader::ConfigReader(const Json& object, std::string where, std::string prefix)
    : object_(object), where_(std::move(where)), prefix_(std::move(prefix)) {
  if (!object_.is_object()) throw Error(ErrorKind::usage, text(where_, ": a table of settings was expected"));
}

void ConfigReader::operator()(std::string_view name, std::string& value, std::string_view /*help*/,
                              const Choices& choices) {
  const Json* found = take(name);
  if (!found) return;
  read(*found, key(name), value, Range{});
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  const std::string nearest = nearest_name(value, choices);
  const std::string hint = nearest.empty() ? "" : text(" (did you mean ", nearest, "?)");
  refuse(where_, key(name), text("is ", shown(*found), "; accepted: ", join(choices, ", "), hint));
}

void ConfigReader::reject_unknown() const {
  for (const auto& [name, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string nearest = nearest_name(name, known_);
    const std::string hint = !nearest.empty() ? text("did you mean '", key(nearest), "'?")
                             : known_.empty() ? std::string("this table has no keys")
                                              : text("known here: ", join(known_, ", "));
    throw Error(ErrorKind::usage, text(where_, ": unknown key '", key(name), "'; ", hint));
  }
}

const Json* ConfigReader::take(std::string_view name) {
  known_.emplace_back(name);
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

void ConfigReader::wrong_type(const std::string& key, const Json& found, std::string_view expected) const {
  refuse(where_, key, text("is ", shown(found), "; ", expected, " was expected"));
}

void ConfigReader::check(const std::string& key, double value, Range range) const {
  if (value >= range.low && value <= range.high) return;
  refuse(where_, key, text("is ", value, "; accepted: ", accepted(range)));
}

void ConfigReader::read(const Json& found, const std::string& key, bool& value, Range) const {
  if (!found.is_boolean()) wrong_type(key, found, "true or false");
  value = found.get<bool>();
}

void ConfigReader::read(const Json& found, const std::string& key, std::int64_t& value, Range range) const {
  const bool too_large =
      found.is_number_unsigned() &&
      found.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!found.is_number_integer() || too_large) wrong_type(key, found, "a whole number of 64 bits");
  const auto whole = found.get<std::int64_t>();
  check(key, static_cast<double>(whole), range);
  value = whole;
}

void ConfigReader::read(const Json& found, const std::string& key, double& value, Range range) const {
  if (!found.is_number() || !std::isfinite(found.get<double>())) wrong_type(key, found, "a finite number");
  const auto number = found.get<double>();
  check(key, number, range);
  value = number;
}

void ConfigReader::read(const Json& found, const std::string& key, std::string& value, Range) const {
  if (!found.is_string()) wrong_type(key, found, "a text in quotes");
  value = found.get<std::string>();
}

}  // namespace throng
