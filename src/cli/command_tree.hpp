#pragma once

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Returns the names of a program's commands.
std::vector<std::string> commands_of(const CLI::App& app);

/// Returns the options of a command: "--out", "-f".
std::vector<std::string> options_of(const CLI::App& command);

} // namespace troupe
