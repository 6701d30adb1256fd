#include "cli/command_tree.hpp"

namespace troupe {

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

} // namespace troupe
