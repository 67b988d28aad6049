#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// One array of a MATLAB 5 file ("MAT-File Format", MathWorks; what MATLAB saves as -v6 and -v7): a matrix of numbers,
/// a cell array or a structure. A reader of our own because annotations come from strangers: every size is checked
/// against the bytes that are there, and whatever does not fit throws Error(input) that names the file.
class MatArray {
 public:
  enum class Kind { numbers, cell, structure, other };

  /// The variable `name` of a file.
  static MatArray read(const std::filesystem::path& path, std::string_view name);

  Kind kind() const { return kind_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }

  /// The first element of a cell array.
  MatArray first_cell() const;
  /// A field of (the first element of) a structure.
  MatArray field(std::string_view name) const;
  /// The elements of a real matrix, column by column: rows * columns of them.
  std::vector<double> numbers() const;

 private:
  /// The file's name and the bytes that all arrays of it look at.
  struct Source;
  class Elements;

  MatArray(std::shared_ptr<const Source> source, std::span<const std::uint8_t> bytes);
  [[noreturn]] void fail(const std::string& what) const;

  std::shared_ptr<const Source> source_;
  std::string name_;
  Kind kind_ = Kind::other;
  bool complex_ = false;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  std::span<const std::uint8_t> content_;  ///< what follows the array's name
};

}  // namespace throng
