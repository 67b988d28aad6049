#include "cli/usage.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <vector>

#include "core/text.h"

namespace throng {

namespace {

/// Whether a sentence of CLI11's ends in a whole number.
bool ends_in_number(std::string_view sentence) {
  const std::string_view word = sentence.substr(sentence.find_last_of(" -") + 1);
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Those that are listed, with the nearest in front if one is near.
std::string hint(std::string_view word, const std::vector<std::string>& known, std::string_view kind) {
  const std::string nearest = nearest_name(word, known);
  return nearest.empty() ? text("; the ", kind, "s are ", join(known, ", ")) : text("; did you mean ", nearest, "?");
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

/// Those of the commands above, which may stand behind any command, too.
std::vector<std::string> names_of_options(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string full_name(const CLI::App* app) {
  std::string name = app->get_name();
  for (app = app->get_parent(); app; app = app->get_parent()) name = text(app->get_name(), " ", name);
  return name;
}

}  // namespace

std::string usage_sentence(const CLI::App& app, const CLI::Error& error) {
  const auto kind = static_cast<CLI::ExitCodes>(error.get_exit_code());  // its name is sometimes that of the command
  const bool lacks = kind == CLI::ExitCodes::RequiredError;
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  const std::vector<std::string> known = names_of_commands(*command);
  // What nobody took is left with the program itself.
  std::vector<std::string> left = app.remaining(true);
  std::erase(left, "--");
  if ((lacks || kind == CLI::ExitCodes::ExtrasError) && !left.empty()) {
    const std::string& word = left.front();
    if (word.starts_with('-')) {
      const std::string name = word.substr(0, word.find('='));
      const std::string nearest = nearest_name(name, names_of_options(command));
      return text(full_name(command), " has no option ", name,
                  nearest.empty() ? std::string() : text("; did you mean ", nearest, "?"));
    }
    if (!known.empty()) return text(full_name(command), " has no command '", word, "'", hint(word, known, "command"));
    return text(full_name(command), " takes no more arguments: '", word, "' is one too many");
  }
  if (lacks && !known.empty()) {
    return text(full_name(command), " needs a command: ", join(known, ", "));
  }
  const std::string sentence = error.what();
  // What check_option_values took for a number and cannot be converted has too few bits at the other end.
  return kind == CLI::ExitCodes::ConversionError && ends_in_number(sentence) ? sentence + ": it is out of range"
                                                                             : sentence;
}

}  // namespace throng
