#include "process/program_path.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Returns why `program` cannot be executed; empty if it can.
std::string why_not_executable(const fs::path& program) {
  std::error_code error;
  const auto status = fs::status(program, error);
  if (status.type() == fs::file_type::not_found) return "there is no such file";
  if (error) return error.message();
  if (!fs::is_regular_file(status)) return "it is no file";
  if (faccessat(AT_FDCWD, program.c_str(), X_OK, AT_EACCESS) == 0) return {};
  return errno == EACCES ? "it is not executable; chmod +x makes it so"
                         : std::generic_category().message(errno);
}

} // namespace

std::string find_program(std::string_view name, const std::string& cwd,
                         std::string_view search_path) {
  const auto place = fs::path{cwd};
  if (name.find('/') != name.npos) {
    const auto problem = why_not_executable(place / name);
    if (problem.empty()) return std::string{name};
    throw std::invalid_argument{"cannot be run: " + (place / name).string() + ": " + problem};
  }
  std::string near_miss;
  for (auto rest = search_path;;) {
    const auto colon = rest.find(':');
    const auto folder = fs::path{rest.substr(0, colon)};
    const auto candidate = (folder.empty() ? fs::path{"."} : folder) / name;
    const auto problem = why_not_executable(place / candidate);
    if (problem.empty()) return candidate.string();
    if (near_miss.empty() && fs::is_regular_file(place / candidate))
      near_miss = candidate.string() + ": " + problem;
    if (colon == rest.npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (!near_miss.empty()) throw std::invalid_argument{"cannot be run: " + near_miss};
  throw std::invalid_argument{
      "cannot be run: no folder of PATH has a program \"" + std::string{name} +
      "\"; one that lies elsewhere is named by its path, as in ./" + std::string{name}};
}

} // namespace troupe
