#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace throng {

/// Bytes as text (RFC 4648, section 4): the alphabet with + and /, filled up with =, no line ends.
std::string base64(std::span<const std::uint8_t> bytes);

}  // namespace throng
