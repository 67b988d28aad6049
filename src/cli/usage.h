#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace throng {

/// What is wrong with a command line, in a sentence: which command or option there is none of, and what may have been
/// meant.
std::string usage_sentence(const CLI::App& app, const CLI::Error& error);

}  // namespace throng
