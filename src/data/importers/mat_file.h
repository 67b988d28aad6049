#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/manifest.h"

namespace throng {

/// One array of a MATLAB 5 file ("MAT-File Format", MathWorks; what MATLAB saves as -v6 and -v7): a matrix of numbers,
/// a cell array or a structure. A reader of our own because annotations come from strangers: every size is checked
/// against the bytes that are there, and whatever does not fit throws Error(input) that names the file.
class MatArray {
 public:
  enum class Kind { numbers, cell, structure, other };

  /// The first variable of a file that has one of these names.
  static MatArray read(const std::filesystem::path& path, std::initializer_list<std::string_view> names);
  static MatArray read(const std::filesystem::path& path, std::string_view name) { return read(path, {name}); }

  const std::string& name() const { return name_; }  ///< "" for what lies in a cell or a structure
  Kind kind() const { return kind_; }
  std::int64_t rows() const { return rows_; }  ///< below 2^31, as the format has it
  std::int64_t columns() const { return columns_; }

  /// The elements of a cell array, column by column.
  std::vector<MatArray> cells() const;
  /// The first element of a cell array.
  MatArray first_cell() const;
  /// A field of (the first element of) a structure.
  MatArray field(std::string_view name) const;
  /// The elements of a real matrix, column by column: rows * columns of them.
  std::vector<double> numbers() const;
  /// The rows of an N x 2 matrix as x and y, those of an N x 4 matrix as the centres of boxes x1 y1 x2 y2. `what`
  /// stands for the matrix in errors.
  std::vector<Point> points(std::string_view what) const;

  /// Throws Error(input): the file and what is wrong with it.
  [[noreturn]] void fail(std::string_view what) const;

 private:
  /// The file's name and the bytes that all arrays of it look at.
  struct Source;

  MatArray(std::shared_ptr<const Source> source, std::span<const std::uint8_t> bytes);

  std::shared_ptr<const Source> source_;
  std::string name_;
  Kind kind_ = Kind::other;
  bool complex_ = false;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  std::span<const std::uint8_t> content_;  ///< what follows the array's name
};

}  // namespace throng
