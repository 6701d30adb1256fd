#pragma once

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Adds --set KEY=JSON, which may be repeated.
void add_set(CLI::App& command, std::vector<std::string>& overrides, const std::string& help);

/// Adds an option that is short for --set KEY=….
void add_short_set(CLI::App& command, std::vector<std::string>& overrides, const std::string& flag,
                   const std::string& key, const std::string& help);

/// Adds the study file, and what replaces values in it: --set and --seed.
void add_study(CLI::App& command, std::string& file, std::vector<std::string>& overrides);

/// Says what is wrong with a text that is to be written down, for CLI::Option::check: it must be
/// UTF-8.
std::string refuse_other_bytes(const std::string& text);

/// Say what is wrong with a text that is to be a time in seconds, for CLI::Option::check: it must
/// be at most longest_s, and above 0; or may be 0, if it is a wait.
/// @{
std::string refuse_no_seconds(const std::string& text);
std::string refuse_no_wait(const std::string& text);
/// @}

} // namespace troupe
