#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// Returns the path of the program called `name`, found as execvp(3) does: a name with a "/" is a
/// path, any other is looked up in the folders of `search_path` ("/usr/bin:/bin"). Relative paths,
/// also the returned one, count from the folder `cwd` (empty: the current one). Throws
/// std::invalid_argument, saying what was looked for and where, if there is none that can be
/// executed, or if `cwd` is no folder. A script is read so far as to see what runs it.
std::string find_program(std::string_view name, const std::string& cwd,
                         std::string_view search_path);

} // namespace troupe
