#include "process/own_children.hpp"

#include "process/proc_stat.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace troupe {

namespace {

/// The same as the kernel's list, for kernels without one.
std::vector<pid_t> children_by_parent() {
  constexpr std::size_t parent_field = 1; // the state is the first
  const auto self = std::to_string(getpid());
  std::vector<pid_t> children;
  for_each_process([&](pid_t id, const std::filesystem::path& process) {
    const auto fields = stat_fields(process);
    if (fields.size() > parent_field && fields[parent_field] == self) children.push_back(id);
  });
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
