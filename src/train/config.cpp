#include "train/config.h"

namespace throng {

ExperimentConfig read_experiment(const std::filesystem::path& path, const std::vector<std::string>& changes) {
  Json tree = read_toml(path);
  const Json known = config_tree(ExperimentConfig());
  for (const std::string& change : changes) set_key(tree, change, known);
  ExperimentConfig config;
  read_config(tree, path.string(), config);
  if (config.name.empty()) config.name = path.stem().string();
  return config;
}

}  // namespace throng
