#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/data/subcommands.h"
#include "cli/replaceable.h"

namespace throng {

namespace {

struct SplitArguments {
  std::string manifest;
  double share = 0;
  std::uint64_t seed = 1;
  std::string out;
};

void run_split(const SplitArguments& arguments, CommandContext& context) {
  Manifest manifest = read_manifest(arguments.manifest);
  const std::string& out = arguments.out.empty() ? arguments.manifest : arguments.out;
  check_output(out, OutputKind::manifest);
  split_manifest(manifest, "train", "val", arguments.share, arguments.seed);
  write_manifest(manifest, out);
  context.print(summary(manifest));
}

}  // namespace

void add_data_split(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("split", "Move a share of the training images to split 'val'");
  auto arguments = std::make_shared<SplitArguments>();
  command->add_option("MANIFEST", arguments->manifest, "the data set")->required();
  command->add_option("--val", arguments->share, "share of the training images, such as 0.1")->required();
  command->add_option("--seed", arguments->seed, "which images are chosen depends on it alone")->capture_default_str();
  command->add_option("--out", arguments->out, "write here instead of changing MANIFEST");
  command->callback([arguments, &context] { run_split(*arguments, context); });
}

}  // namespace throng
