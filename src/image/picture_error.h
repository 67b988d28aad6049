#pragma once

#include <string_view>

namespace throng {

// The sentences that the decoders share. All throw Error(input); `format` is a name such as "JPEG".

[[noreturn]] void throw_ends_early(std::string_view name, std::string_view format);
[[noreturn]] void throw_damaged(std::string_view name, std::string_view format, std::string_view reason);
/// For a variant of a known format that is not decoded.
[[noreturn]] void throw_unsupported(std::string_view name, std::string_view what);

}  // namespace throng
