#pragma once

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace throng {

/// Has every value of every option looked at before CLI11 reads it, which takes numbers that do not fit for others that
/// do, nothing for zero, and 010 for eight. Whole numbers have 63 bits and a sign, those of unsigned options none;
/// CLI::PositiveNumber and CLI::NonNegativeNumber are obeyed. For an app that has all of its commands.
void check_option_values(CLI::App& app);

/// Reads an amount of memory, such as 512M or 1.5 GiB, as bytes.
CLI::Validator memory_size();

/// Throws Error(usage) for an argument such as --model=, behind which CLI11 takes the next one as the value.
void refuse_missing_values(int argc, const char* const* argv);

}  // namespace throng
