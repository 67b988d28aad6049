#include "model/limits.h"

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <cmath>

#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

constexpr double kLargestNumber = 16384;
constexpr std::size_t kLongestList = 64;
constexpr std::int64_t kLargestKernel = 31;

// Written against the tree, not the fields: a field that is added later is held to the same limits.
void check(const Json& node, const std::string& key) {
  if (node.is_number() && std::abs(node.get<double>()) > kLargestNumber) {
    throw Error(ErrorKind::usage, text(key, " is ", node.dump(), ": no number of a network may be above ",
                                       static_cast<std::int64_t>(kLargestNumber)));
  }
  if (node.is_array() && node.size() > kLongestList) {
    throw Error(ErrorKind::usage,
                text(key, " has ", node.size(), " entries: no list of a network may have more than ", kLongestList));
  }
  if (node.is_array()) {
    for (std::size_t i = 0; i < node.size(); ++i) check(node[i], text(key, "[", i, "]"));
  }
  if (node.is_object()) {
    for (const auto& [name, value] : node.items()) check(value, text(key, ".", name));
  }
}

}  // namespace

void check_limits(const ModelConfig& config) { check(config_tree(config), "model"); }

DensityNet network_without_memory(const ModelConfig& config) {
  check_limits(config);
  const ParameterDevice no_memory(at::kMeta);
  try {
    DensityNet shapes(config);
    shapes.visit([](const std::string& name, ConvBlock& block) {
      if (block.spec().kernel <= kLargestKernel) return;
      throw Error(ErrorKind::usage,
                  text(name, " has a kernel of ", block.spec().kernel, " pixels: the largest is ", kLargestKernel));
    });
    return shapes;
  } catch (const c10::Error& error) {
    throw Error(ErrorKind::usage, text("the network is too large (", error.what_without_backtrace(), ")"));
  }
}

}  // namespace throng
