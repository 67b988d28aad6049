#pragma once

#include <stop_token>
#include <string>
#include <string_view>

namespace throng {

/// Opens the standard streams that the caller closed, so that no file of ours gets their number and their output.
void keep_standard_streams();

/// Writes all of it to standard output. Throws Error(failure) when the disk is full or the reader has gone.
void write_standard_output(std::string_view bytes);

/// Reads a descriptor to its end. Throws Error(interrupted) when a stop is requested meanwhile.
std::string read_descriptor(int descriptor, const std::stop_token& stop);

}  // namespace throng
