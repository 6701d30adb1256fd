#pragma once

#include <troupe/trainable.hpp>

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Returns what the last of `words` may become, which follow the program's name on a command line
/// that is being typed: commands, options, their values, ids of trials. Nothing where files are
/// meant, or nothing is known.
std::vector<std::string> completions(const CLI::App& app, const registry& known,
                                     const std::vector<std::string>& words);

/// Returns the script that teaches a shell ("bash", "zsh", "fish") to complete the words of
/// `program`: it asks `program __complete WORDS…`.
std::string completion_script(const std::string& shell, const std::string& program);

/// How the hidden command is called that the scripts ask.
inline constexpr const char* completing = "__complete";

} // namespace troupe
