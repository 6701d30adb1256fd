#include "cli/unknown_word.hpp"

#include "base/nearest.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace troupe {

namespace {

std::string said(std::string_view kind, std::string_view word,
                 const std::vector<std::string>& names) {
  const std::vector<std::string_view> known{names.begin(), names.end()};
  return fmt::format("unknown {} \"{}\"; {}", kind, word, suggest_name(word, known));
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames())
      names.push_back("--" + name);
    for (const auto& name : option->get_snames())
      names.push_back("-" + name);
  }
  for (const auto* group : command.get_subcommands([](const CLI::App*) { return true; })) {
    const auto more = options_of(*group); // an option group is a nameless command
    names.insert(names.end(), more.begin(), more.end());
  }
  return names;
}

} // namespace

std::string say_unknown_word(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2) return {};
  const std::string_view first{argv[1]};
  const auto commands = commands_of(app);
  if (!first.starts_with('-') && std::ranges::find(commands, first) == commands.end())
    return said("command", first, commands);
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  const auto options = options_of(command);
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    const auto name = word.substr(0, word.find('='));
    if (word == "--") break;
    if (word.starts_with("--") && std::ranges::find(options, name) == options.end())
      return said("option", name, options);
  }
  return {};
}

} // namespace troupe
