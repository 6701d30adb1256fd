#pragma once

#include <CLI/App.hpp>

#include <string>

namespace troupe {

/// Returns what to say of a command line that `app` could not make sense of because it names a
/// command or an option that there is not: which one, and which was probably meant. Empty if that
/// is not what is wrong with it. To be asked after `app` has refused to parse it.
std::string say_unknown_word(const CLI::App& app, int argc, const char* const* argv);

} // namespace troupe
