#include "process/own_children.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Returns the parent of a process; 0 if there is no such process.
pid_t parent_of(const fs::path& process) {
  std::ifstream in{process / "stat"};
  const std::string line{std::istreambuf_iterator<char>{in}, {}};
  const auto name_end = line.rfind(") "); // the name may have anything in it
  pid_t parent = 0;
  constexpr std::size_t state_size = 4; // ") S "
  if (name_end != line.npos && name_end + state_size < line.size())
    std::from_chars(line.data() + name_end + state_size, line.data() + line.size(), parent);
  return parent;
}

/// The same as the kernel's list, for kernels without one.
std::vector<pid_t> children_by_parent() {
  std::vector<pid_t> children;
  std::error_code error;
  for (auto entry = fs::directory_iterator{"/proc", error}; entry != fs::directory_iterator{};
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    pid_t id = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), id);
    const bool is_process = bad == std::errc{} && end == name.data() + name.size();
    if (is_process && parent_of(entry->path()) == getpid()) children.push_back(id);
  }
  return children;
}

} // namespace

std::vector<pid_t> own_children() {
  const auto self = std::to_string(getpid());
  std::ifstream in{"/proc/self/task/" + self + "/children"};
  if (!in) return children_by_parent();
  return {std::istream_iterator<pid_t>{in}, {}};
}

std::string variable_of(pid_t process, const std::string& name) {
  std::ifstream in{"/proc/" + std::to_string(process) + "/environ"};
  for (std::string variable; std::getline(in, variable, '\0');)
    if (variable.starts_with(name + "=")) return variable.substr(name.size() + 1);
  return {};
}

} // namespace troupe
