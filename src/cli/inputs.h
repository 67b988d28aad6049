#pragma once

#include <functional>
#include <string>
#include <vector>

namespace throng {

/// A picture to count, as it was named; or a name that gave none, and why.
struct CountInput {
  std::string path;
  std::string problem;  ///< empty when the path is to be counted
};

/// What the arguments of `throng count` stand for, in their order: a file is itself; a folder gives the pictures in and
/// below it, sorted by path, hidden ones passed over; a pattern (* ? []) that the shell left as it was gives what
/// matches; "-" gives the lines of `read_list()`, each a path of any of these kinds. Folders among `outputs` are passed
/// over where a folder or a pattern leads to them (what was made of pictures is not counted), not where they are named.
std::vector<CountInput> collect_inputs(const std::vector<std::string>& arguments,
                                       const std::function<std::string()>& read_list,
                                       const std::vector<std::string>& outputs = {});

}  // namespace throng
