#include "model/networks/network.h"

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

std::unique_ptr<Network> make_network(const ModelConfig& config) {
  std::vector<std::string> names;
  for (const NamedNetwork& network : kNetworks) {
    if (config.network == network.name) return network.make(config);
    names.emplace_back(network.name);
  }
  throw Error(ErrorKind::usage, text("model.network is \"", config.network, "\": use one of ", join(names, ", ")));
}

}  // namespace throng
