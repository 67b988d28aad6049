#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <new>

#include "cli/commands.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/option_values.h"
#include "cli/streams.h"
#include "cli/usage.h"
#include "core/freed_memory.h"
#include "core/text.h"
#include "throng/error.h"

namespace throng {

namespace {

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failure:
      return kExitFailure;
    case ErrorKind::usage:
      return kExitUsage;
    case ErrorKind::input:
      return kExitUnreadable;
    case ErrorKind::model:
      return kExitModel;
    case ErrorKind::interrupted:
      return kExitInterrupted;
  }
  return kExitFailure;
}

void add_commands(CLI::App& app, CommandContext& context) {
  for (const auto add :
       {add_count_command, add_data_command, add_eval_command, add_explain_command, add_folds_command,
        add_model_command, add_reproduce_command, add_report_command, add_synth_command, add_train_command}) {
    add(app, context);
  }
}

void report(Console& console, std::string_view sentence) {
  console.clear_line();
  // Behind the first line of a foreign exception stands a list of addresses.
  std::cerr << "throng: " << sentence.substr(0, sentence.find("\nException raised from")) << "\n";
}

void flush_results() {
  if (!std::cout.flush()) throw Error(ErrorKind::failure, "cannot write to standard output");
}

int parse_and_run(CLI::App& app, CommandContext& context, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      throw Error(ErrorKind::usage, usage_sentence(app, error) + "\nRun with --help for more information.");
    }
    app.exit(error, std::cout, std::cerr);
    flush_results();
    return 0;
  }
  flush_results();
  return context.exit_code;
}

int run(int argc, char** argv) {
  Console console(STDERR_FILENO);
  try {
    const Interrupt interrupt([&console] {
      console.message(MessageSink::Level::note,
                      "stopping after the current picture or step; a second Ctrl-C ends at once");
    });
    CommandContext context;
    context.reporter = {&console, &console};
    context.stop = interrupt.token();
    context.print = [&console](std::string_view results) {
      console.clear_line();
      write_standard_output(results);
    };

    CLI::App app("Counts the people in photos, and trains the networks that do it.", "throng");
    app.set_version_flag("--version", "throng " THRONG_VERSION);
    app.add_flag_callback(
        "-q,--quiet", [&] { console.set_verbosity(Console::Verbosity::quiet); },
        "no notes and no progress, only warnings and errors");
    app.add_flag_callback(
        "-v,--verbose", [&] { console.set_verbosity(Console::Verbosity::verbose); }, "more notes");
    app.require_subcommand(1);
    app.fallthrough();
    add_commands(app, context);
    check_option_values(app);
    refuse_missing_values(argc, argv);
    return parse_and_run(app, context, argc, argv);
  } catch (const Error& error) {
    report(console, error.what());
    return exit_code_of(error.kind());
  } catch (const std::bad_alloc&) {
    report(console, "there is not enough memory: use smaller images, or free some");
  } catch (const std::exception& error) {
    report(console, error.what());
  }
  return kExitFailure;
}

// Everything is written and every thread has ended. What is left, libtorch's tables, takes as long to take apart as to
// set up, so only a search for leaks does it.
[[noreturn]] void end_process(int exit_code) {
#ifdef __SANITIZE_ADDRESS__
  std::exit(exit_code);
#else
  std::cout.flush();
  std::fflush(nullptr);
  std::_Exit(exit_code);
#endif
}

}  // namespace

}  // namespace throng

int main(int argc, char** argv) {
  throng::keep_freed_memory();
  throng::keep_standard_streams();
  // Writing to a reader that has gone is an error like a full disk, not a silent death.
  ::signal(SIGPIPE, SIG_IGN);
  throng::end_process(throng::run(argc, argv));
}
