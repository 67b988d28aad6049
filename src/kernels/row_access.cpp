#include "kernels/row_access.h"

#include <stdexcept>
#include <string>

#include "core/text.h"

namespace throng {
namespace {

constexpr const char* name_of(KernelType type) {
  return type == KernelType::f32 ? "f32" : type == KernelType::bf16 ? "bf16" : "u8";
}

void refuse(const char* kernel, const std::string& what) {
  throw std::logic_error(text("the kernel ", kernel, " was given ", what, ": pass rows that fit"));
}

}  // namespace

void require_type(const char* kernel, KernelType given, KernelType wanted) {
  if (given != wanted) refuse(kernel, text(name_of(given), " where ", name_of(wanted), " is needed"));
}

void require_channels(const char* kernel, int given, int wanted) {
  if (given != wanted) refuse(kernel, text(given, " channels where ", wanted, " are needed"));
}

void require_rows(const char* kernel, const Rows& in, int needed, const RowsOut& out, int count) {
  if (out.first < 0 || count > out.height - out.first) {
    refuse(kernel, text("rows ", out.first, " to ", out.first + count, " of an output of ", out.height, " rows"));
  }
  if (in.first > needed) refuse(kernel, text("rows from ", in.first, " on where row ", needed, " is needed"));
}

void require_size(const char* kernel, const Rows& in, const RowsOut& out) {
  if (in.width != out.width || in.height != out.height) {
    refuse(kernel, text("a map of ", in.height, "x", in.width, " for one of ", out.height, "x", out.width));
  }
}

}  // namespace throng
