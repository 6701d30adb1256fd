#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Runs a command to its end, with `text` on its standard input; it has as long as `longest`. What
/// it leaves running in its process group is killed. Returns why it has failed, in a sentence, with
/// the last line that it printed; empty if it has not. `command`: the program, looked up in PATH,
/// and its arguments.
std::string run_hook(const std::vector<std::string>& command, std::string_view text,
                     std::chrono::milliseconds longest);

} // namespace troupe
