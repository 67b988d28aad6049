#include "image/picture_error.h"

#include "core/text.h"
#include "throng/error.h"

namespace throng {

void throw_ends_early(std::string_view name, std::string_view format) {
  throw Error(ErrorKind::input,
              text(name, " ends early: the ", format, " is not complete. Copy or download it again."));
}

void throw_damaged(std::string_view name, std::string_view format, std::string_view reason) {
  throw Error(ErrorKind::input,
              text(name, " is a damaged ", format, ": ", reason, ". Copy or download it again, or save it anew."));
}

void throw_unsupported(std::string_view name, std::string_view what) {
  throw Error(ErrorKind::input, text(name, " is ", what, ", which Throng does not read. Convert it to JPEG or PNG."));
}

}  // namespace throng
