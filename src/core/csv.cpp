#include "core/csv.h"

namespace throng {

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != fields.data()) line += ',';
    if (field.find_first_of(",\"\r\n") == std::string::npos) {
      line += field;
      continue;
    }
    line += '"';
    for (const char letter : field) {
      if (letter == '"') line += '"';
      line += letter;
    }
    line += '"';
  }
  return line + "\n";
}

}  // namespace throng
