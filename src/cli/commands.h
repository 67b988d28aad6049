#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "core/progress.h"

namespace CLI {
class App;
}

namespace throng {

// What the program ends with besides 0.
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnreadable = 3;  ///< some input could not be read; the rest was done
inline constexpr int kExitModel = 4;
inline constexpr int kExitInterrupted = 130;

/// What every subcommand shares. Results go to standard output, everything else through `reporter`.
struct CommandContext {
  Reporter reporter;
  std::stop_token stop;  ///< requested by Ctrl-C and SIGTERM
  int exit_code = 0;     ///< what a callback sets when it finished without an exception
  /// Writes results to standard output at once. Throws Error(failure) when they cannot be written.
  std::function<void(std::string_view)> print;
};

// Each adds one subcommand whose callback parses, calls the library and prints.
void add_count_command(CLI::App& app, CommandContext& context);
void add_data_command(CLI::App& app, CommandContext& context);
void add_eval_command(CLI::App& app, CommandContext& context);
void add_explain_command(CLI::App& app, CommandContext& context);
void add_folds_command(CLI::App& app, CommandContext& context);
void add_model_command(CLI::App& app, CommandContext& context);
/// Below "model".
void add_quantize_command(CLI::App& model, CommandContext& context);
void add_calibrate_command(CLI::App& model, CommandContext& context);
void add_widen_command(CLI::App& model, CommandContext& context);
void add_average_command(CLI::App& model, CommandContext& context);
void add_report_command(CLI::App& app, CommandContext& context);
void add_reproduce_command(CLI::App& app, CommandContext& context);
void add_synth_command(CLI::App& app, CommandContext& context);
void add_train_command(CLI::App& app, CommandContext& context);

}  // namespace throng
