#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/counting.h"
#include "core/text.h"
#include "run_report/run_report.h"

namespace throng {

namespace {

struct ReportArguments {
  std::string run;
  bool curves = false;
  RunReportOptions report;
};

void run_report(ReportArguments& arguments, CommandContext& context) {
  arguments.report.judge = !arguments.curves;
  const bool complete = write_run_report(arguments.run, arguments.report, context.reporter, context.stop);
  context.print(text("report\t", run_report_path(arguments.run).string(), "\n"));
  if (!complete) context.exit_code = kExitFailure;
}

}  // namespace

void add_report_command(CLI::App& app, CommandContext& context) {
  CLI::App* command = app.add_subcommand(
      "report", "Write the report of a training run anew: curves, counts of the validation images, worst images");
  auto arguments = std::make_shared<ReportArguments>();
  command->add_option("RUN", arguments->run, "folder of the run (--out of throng train)")->required();
  command->add_option("--data", arguments->report.manifest,
                      "manifest of the data set, where it is no longer where the run's configuration says");
  command->add_flag("--curves", arguments->curves, "only what was logged: count nothing");
  command->add_option("--worst-count", arguments->report.worst, "how many of the worst images are shown")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  add_counter_options(*command, arguments->report.counter);
  command->callback([arguments, &context] { run_report(*arguments, context); });
}

}  // namespace throng
