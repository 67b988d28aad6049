#include "model/networks/network.h"

#include <utility>

#include "core/config.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

struct NamedNetwork {
  const char* name;
  std::unique_ptr<Network> (*make)(const ModelConfig&);
};

constexpr NamedNetwork kNetworks[] = {
    {"hmode", make_hmode},
    {"csrnet", make_csrnet},
    {"dm_count", make_dm_count},
};

}  // namespace

bool same_network(ModelConfig one, const ModelConfig& other) {
  one.encoder_weights = other.encoder_weights;
  one.init = other.init;
  return config_tree(std::move(one)) == config_tree(other);
}

std::unique_ptr<Network> make_network(const ModelConfig& config) {
  std::vector<std::string> names;
  for (const NamedNetwork& network : kNetworks) {
    if (config.network == network.name) return network.make(config);
    names.emplace_back(network.name);
  }
  throw Error(ErrorKind::usage, text("model.network is \"", config.network, "\": use one of ", join(names, ", ")));
}

}  // namespace throng
