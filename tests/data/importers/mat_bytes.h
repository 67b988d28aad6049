#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

// Writes MATLAB 5 files from the published format ("MAT-File Format", MathWorks), so that the reader is tested against
// something other than itself.
namespace throng::mat {

enum Type : std::uint32_t {
  kInt8 = 1,
  kUint8 = 2,
  kUint16 = 4,
  kInt32 = 5,
  kUint32 = 6,
  kSingle = 7,
  kDouble = 9,
  kMatrix = 14
};
enum Class : std::uint32_t {
  kCell = 1,
  kStruct = 2,
  kDoubleClass = 6,
  kSingleClass = 7,
  kUint8Class = 9,
  kUint16Class = 11
};

template <class T>
std::string bytes(const std::vector<T>& values) {
  std::string out(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(out.data(), values.data(), out.size());
  return out;
}

/// Tag, data, padding to 8 bytes.
inline std::string element(Type type, const std::string& data) {
  std::string out = bytes<std::uint32_t>({type, static_cast<std::uint32_t>(data.size())}) + data;
  out.resize((out.size() + 7) / 8 * 8);
  return out;
}

inline std::string array(Class kind, int rows, int columns, std::string_view name, const std::string& content) {
  return element(kMatrix, element(kUint32, bytes<std::uint32_t>({kind, 0})) +
                              element(kInt32, bytes<std::int32_t>({rows, columns})) +
                              element(kInt8, std::string(name)) + content);
}

inline std::string structure(std::string_view field, const std::string& value, std::string_view name = "") {
  std::string padded(field);
  padded.resize(32);
  // The names' length always has the short form: type and size in one word.
  const std::string length = bytes<std::uint16_t>({kInt32, 4}) + bytes<std::int32_t>({32});
  return array(kStruct, 1, 1, name, length + element(kInt8, padded) + value);
}

inline std::string cell(std::string_view name, const std::string& value) { return array(kCell, 1, 1, name, value); }

inline std::string doubles(int rows, int columns, const std::vector<double>& by_column, std::string_view name = "") {
  return array(kDoubleClass, rows, columns, name, element(kDouble, bytes(by_column)));
}

/// What MATLAB makes of true and false.
inline std::string logicals(int rows, int columns, const std::vector<std::uint8_t>& by_column,
                            std::string_view name = "") {
  return array(kUint8Class, rows, columns, name, element(kUint8, bytes(by_column)));
}

inline std::string file(const std::string& variable) {
  std::string header = "MATLAB 5.0 MAT-file, written by a test";
  header.resize(124, ' ');
  return header + bytes<std::uint16_t>({0x0100, 0x4d49}) + variable;
}

/// A whole file with a matrix of rows x 2 or x 4 numbers.
inline std::string points_file(std::string_view name, int rows, int columns, const std::vector<double>& by_column) {
  return file(doubles(rows, columns, by_column, name));
}

/// A whole annotation file as ShanghaiTech has them.
inline std::string annotation(int rows, const std::vector<double>& by_column) {
  return file(cell("image_info", structure("location", doubles(rows, 2, by_column))));
}

}  // namespace throng::mat
