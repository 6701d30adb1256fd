#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace troupe {

/// Returns what proc(5) says in /proc/PID/stat behind the name: the state, the parent, the group,
/// the session and so on. Empty if there is no such process (any more).
std::vector<std::string> stat_fields(const std::filesystem::path& process);

/// Calls `look` with the number and the folder in /proc of every process there is.
void for_each_process(const std::function<void(pid_t, const std::filesystem::path&)>& look);

} // namespace troupe
