#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/data/subcommands.h"
#include "core/text.h"

namespace throng {

namespace {

void run_check(const std::string& path, CommandContext& context) {
  const Manifest manifest = read_manifest(path);
  std::int64_t errors = 0;
  std::int64_t notes = 0;
  for (const ManifestProblem& problem : check_manifest(manifest, context.reporter, context.stop)) {
    const bool error = problem.severity == ManifestProblem::Severity::error;
    ++(error ? errors : notes);
    context.print(text(error ? "error\t" : "note\t", problem.sentence, "\n"));
  }
  context.print(summary(manifest));
  context.print(text(errors, errors == 1 ? " error, " : " errors, ", notes, notes == 1 ? " note\n" : " notes\n"));
  if (errors > 0) context.exit_code = kExitUnreadable;
}

}  // namespace

void add_data_check(CLI::App& data, CommandContext& context) {
  CLI::App* command = data.add_subcommand("check", "Look for mistakes in a data set");
  auto manifest = std::make_shared<std::string>();
  command->add_option("MANIFEST", *manifest, "the data set")->required();
  command->callback([manifest, &context] { run_check(*manifest, context); });
}

}  // namespace throng
