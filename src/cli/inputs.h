#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/progress.h"

namespace throng {

/// A picture to count, as it was named; or a name that gave none, and why.
struct CountInput {
  std::string path;
  std::string problem;  ///< empty when the path is to be counted
};

/// What the arguments of `throng count` stand for, in their order: a file is itself; a folder gives the pictures in and
/// below it, sorted by path, hidden ones passed over; a pattern (* ? []) that the shell left as it was gives the
/// pictures and folders that match; "-" gives the lines of `read_list()`, each a path of any of these kinds. Where
/// folders and patterns lead, files that are no pictures are passed over, and with a note linked folders, which may
/// lead in circles, pictures that Throng drew (see image/own_mark.h), and pictures of formats that are not built in. So
/// are folders among `outputs`: what was made of pictures is not counted.
std::vector<CountInput> collect_inputs(const std::vector<std::string>& arguments,
                                       const std::function<std::string()>& read_list,
                                       const std::vector<std::string>& outputs = {}, const Reporter& reporter = {});

}  // namespace throng
