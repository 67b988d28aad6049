#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// Types of data elements ("MAT-File Format", MathWorks).
enum MatType : std::uint32_t {
  kMatInt8 = 1,
  kMatUint8 = 2,
  kMatInt16 = 3,
  kMatUint16 = 4,
  kMatInt32 = 5,
  kMatUint32 = 6,
  kMatSingle = 7,
  kMatDouble = 9,
  kMatInt64 = 12,
  kMatUint64 = 13,
  kMatMatrix = 14,
  kMatCompressed = 15,
};

/// One tagged piece of a MATLAB 5 file.
struct MatElement {
  std::uint32_t type = 0;
  std::span<const std::uint8_t> data;
};

/// The numbers of an element; MATLAB stores doubles in the smallest type that holds them. Nothing for other types.
std::optional<std::vector<double>> mat_numbers(const MatElement& element);

/// The bytes of a compressed element. Throws Error(input) that names the file.
std::vector<std::uint8_t> inflate_mat_variable(std::span<const std::uint8_t> packed, const std::string& path);

/// Throws Error(input): the file and what is wrong with it.
[[noreturn]] void fail_in_mat_file(const std::string& path, std::string_view what);

/// Walks over data elements that follow one another; every size is checked against the bytes that are there.
class MatElements {
 public:
  MatElements(std::span<const std::uint8_t> bytes, std::string path);

  bool at_end() const { return rest_.empty(); }
  MatElement next();
  /// The next element, which must be of this type; `what` stands for it in the error.
  MatElement next(std::uint32_t type, std::string_view what);
  std::span<const std::uint8_t> rest() const { return rest_; }

 private:
  [[noreturn]] void cut_off() const;

  std::span<const std::uint8_t> rest_;
  std::string path_;
};

}  // namespace throng
