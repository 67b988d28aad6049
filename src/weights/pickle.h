#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weights/input_file.h"

namespace throng {

/// One Python object of a pickle. Objects refer to each other by their index in Pickle::objects: shared and even cyclic
/// objects cost nothing, and nesting of any depth is freed without recursion.
struct PickleObject {
  enum class Kind {
    none,
    boolean,      ///< integer is 0 or 1
    integer,      ///< integer
    big_integer,  ///< text: little-endian two's complement of more than 8 bytes
    real,         ///< real
    string,       ///< text, UTF-8 (or the bytes of a Python 2 string)
    list,         ///< items
    tuple,        ///< items
    dict,         ///< items: key, value, key, value, ... in file order; of equal keys the last one counts
    global,       ///< text: "torch.FloatStorage", one of the known names
    storage,      ///< items: ("storage", class, key, location, number of elements, view?) as torch.save writes it
    tensor,       ///< items: storage, offset, sizes, strides; the last three in elements
    opaque,       ///< anything else: a class or function (text: "argparse.Namespace"), or what it made (no text)
  };
  Kind kind = Kind::none;
  std::int64_t integer = 0;
  double real = 0;
  std::string text = {};
  std::vector<std::uint32_t> items = {};
};

struct Pickle {
  std::vector<PickleObject> objects;
  std::uint32_t root = 0;

  const PickleObject& operator[](std::uint32_t index) const { return objects[index]; }
};

/// Reads one pickle (protocols 2 to 5) as torch.save writes it for dicts of tensors, and leaves the reader behind its
/// STOP. Nothing is imported or called: what a class or a function outside the short list that tensors in dicts need
/// would have made becomes an opaque object. An opcode that such files do not need throws Error(model) that names it.
/// Work and memory are bounded by the length of the pickle.
Pickle read_pickle(ByteReader& in);

}  // namespace throng
