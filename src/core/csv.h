#pragma once

#include <string>
#include <vector>

namespace throng {

/// One line of a CSV table (RFC 4180): fields with commas, quotes or line breaks are quoted. Ends with a newline.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace throng
