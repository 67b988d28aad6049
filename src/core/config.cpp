#include "core/config.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace throng {

namespace {

constexpr std::int64_t kLargestWhole = std::numeric_limits<std::int64_t>::max();

/// 64.0 is no whole number, so it should not look like one.
std::string decimal(double value) {
  const std::string out = text(value);
  return out.find_first_not_of("-0123456789") == std::string::npos ? out + ".0" : out;
}

std::string shown(const Json& value) {
  constexpr std::size_t kLongest = 60;
  std::string out = value.is_number_float() ? decimal(value.get<double>())
                                            : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (out.size() > kLongest) out = out.substr(0, kLongest) + "...";
  return out;
}

/// Digits alone that no whole number of 64 bits holds: the command line's remain a word.
bool is_long_number(const Json& value) {
  if (!value.is_string()) return false;
  const auto& word = value.get_ref<const std::string&>();
  const std::size_t digits = word.find_first_not_of("+-") == 1 ? 1 : 0;
  std::int64_t held = 0;
  return word.size() > digits && word.find_first_not_of("0123456789", digits) == std::string::npos &&
         !parse_number(word, held);
}

/// 1000000 rather than 1e+06.
std::string limit(double value) {
  constexpr double kExact = 1e15;
  return std::abs(value) < kExact && value == std::trunc(value) ? text(static_cast<std::int64_t>(value)) : text(value);
}

std::string accepted(Range range) {
  const bool low = std::isfinite(range.low);
  const bool high = std::isfinite(range.high);
  if (low && high) return text("from ", limit(range.low), " to ", limit(range.high));
  if (low) return text(limit(range.low), " or more");
  return text(limit(range.high), " or less");
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
      found.is_number_unsigned() && found.get<std::uint64_t>() > static_cast<std::uint64_t>(kLargestWhole);
  if (too_large || is_long_number(found)) {
    const std::string low = std::isfinite(range.low) ? limit(range.low) : text(-kLargestWhole - 1);
    const std::string high = std::isfinite(range.high) ? limit(range.high) : text(kLargestWhole);
    refuse(where_, key, text("is ", shown(found), "; accepted: from ", low, " to ", high));
  }
  if (!found.is_number_integer()) wrong_type(key, found, "a whole number");
  const auto whole = found.get<std::int64_t>();
  check(key, static_cast<double>(whole), range);
  value = whole;
}

void ConfigReader::read(const Json& found, const std::string& key, double& value, Range range) const {
  double number = found.is_number() ? found.get<double>() : std::numeric_limits<double>::quiet_NaN();
  if (is_long_number(found)) parse_number(found.get_ref<const std::string&>(), number);
  if (!std::isfinite(number)) wrong_type(key, found, "a finite number");
  check(key, number, range);
  value = number;
}

void ConfigReader::read(const Json& found, const std::string& key, std::string& value, Range) const {
  if (found.is_primitive() && !found.is_string() && !found.is_null()) {
    refuse(where_, key, text("is ", shown(found), "; a text in quotes was expected: \"", shown(found), "\""));
  }
  if (!found.is_string()) wrong_type(key, found, "a text in quotes");
  value = found.get<std::string>();
}

}  // namespace throng
