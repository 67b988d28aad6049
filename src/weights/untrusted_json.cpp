#include "weights/untrusted_json.h"

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr int kDeepest = 64;

bool check_depth(int depth, Json::parse_event_t event, Json&) {
  const bool opens = event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
  if (opens && depth >= kDeepest) {
    throw Error(ErrorKind::model, text("its JSON is nested deeper than ", kDeepest, " levels"));
  }
  return true;
}

}  // namespace

Json parse_untrusted_json(const std::string& words) {
  try {
    return Json::parse(words, check_depth);
  } catch (const Json::parse_error& error) {
    throw Error(ErrorKind::model, text("it is not valid JSON at its byte ", error.byte));
  } catch (const Json::exception&) {
    throw Error(ErrorKind::model, "its JSON has a number that is out of range");
  }
}

}  // namespace throng
