#pragma once

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace troupe {

/// Returns what to say of a command line that `app` has refused to parse, and why (`refusal`):
/// which command or option there is not, and which was probably meant; else what else is wrong with
/// it, and where to look. Shows no secret.
std::string say_misuse(const CLI::App& app, const CLI::Error& refusal, int argc,
                       const char* const* argv);

/// Returns what to say if one of the `words` that a command has taken for values looks like an
/// option that it does not have: which, and which was probably meant. Empty if none does; "-0.5"
/// and
/// "-inf" are numbers.
std::string say_unknown_option(const CLI::App& command, const std::vector<std::string>& words);

} // namespace troupe
