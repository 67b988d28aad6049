#pragma once

#include <string>

#include "cli/commands.h"
#include "data/manifest.h"

namespace throng {

/// One line: how many images and head annotations each split has, and how many images are not annotated.
std::string summary(const Manifest& manifest);

// Each adds one subcommand below "data".
void add_data_alter(CLI::App& data, CommandContext& context);
void add_data_check(CLI::App& data, CommandContext& context);
void add_data_import(CLI::App& data, CommandContext& context);
void add_data_join(CLI::App& data, CommandContext& context);
void add_data_show(CLI::App& data, CommandContext& context);
void add_data_split(CLI::App& data, CommandContext& context);

}  // namespace throng
