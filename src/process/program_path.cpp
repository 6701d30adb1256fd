#include "process/program_path.hpp"

#include "process/script_head.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Returns why the file `program` cannot be executed; empty if it can.
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

/// Finds programs as execvp(3) does.
class program_search {
public:
  program_search(const std::string& cwd, std::string_view path) : place_{cwd}, path_{path} {}

  std::string find(std::string_view name) const {
    const checker check = [this](const fs::path& program) { return why_not(program); };
    if (name.find('/') == name.npos) return find_in_path(name, check);
    const auto problem = check(name);
    if (problem.empty()) return std::string{name};
    throw std::invalid_argument{"cannot be run: " + (place_ / name).string() + ": " + problem};
  }

private:
  /// Returns why a program cannot be run; empty if nothing speaks against it.
  using checker = std::function<std::string(const fs::path& program)>;

  std::string find_in_path(std::string_view name, const checker& why_not) const {
    std::string near_miss;
    for (auto rest = path_;;) {
      const auto colon = rest.find(':');
      const auto folder = fs::path{rest.substr(0, colon)};
      const auto candidate = (folder.empty() ? fs::path{"."} : folder) / name;
      const auto problem = why_not(candidate);
      if (problem.empty()) return candidate.string();
      std::error_code cannot_be_seen; // of a folder that is none of the user's, as a shell does
      if (near_miss.empty() && fs::is_regular_file(place_ / candidate, cannot_be_seen))
        near_miss = candidate.string() + ": " + problem;
      if (colon == rest.npos) break;
      rest.remove_prefix(colon + 1);
    }
    if (!near_miss.empty()) throw std::invalid_argument{"cannot be run: " + near_miss};
    throw std::invalid_argument{
        "cannot be run: no folder of PATH has a program \"" + std::string{name} +
        "\"; one that lies elsewhere is named by its path, as in ./" + std::string{name}};
  }

  std::string why_not(const fs::path& program) const {
    const auto problem = why_not_executable(place_ / program);
    return problem.empty() ? why_not_begun(place_ / program) : problem;
  }

  /// The same for what it begins with. What cannot be read may still be run.
  std::string why_not_begun(const fs::path& program) const {
    std::ifstream in{program, std::ios::binary};
    if (!in) return {};
    std::array<char, script_head_size> bytes{};
    in.read(bytes.data(), bytes.size());
    const auto head = read_script_head({bytes.data(), static_cast<std::size_t>(in.gcount())});
    if (!head.problem.empty() || head.interpreter.empty()) return head.problem;
    if (const auto problem = why_not_executable(place_ / head.interpreter); !problem.empty())
      return "its first line names " + head.interpreter + " to run it: " + problem;
    const bool is_looked_up = fs::path{head.interpreter}.filename() == "env" &&
                              head.argument.find_first_of("-= \t/") == head.argument.npos;
    if (!is_looked_up || head.argument.empty()) return {};
    try {
      find_in_path(head.argument,
                   [this](const fs::path& p) { return why_not_executable(place_ / p); });
      return {};
    } catch (const std::invalid_argument& e) {
      return "its first line names " + head.argument + " to run it, which " + e.what();
    }
  }

  fs::path place_;
  std::string_view path_;
};

} // namespace

std::string find_program(std::string_view name, const std::string& cwd,
                         std::string_view search_path) {
  std::error_code error;
  if (!cwd.empty() && !fs::is_directory(cwd, error))
    throw std::invalid_argument{"cannot be run: its folder is not there: " + cwd};
  return program_search{cwd, search_path}.find(name);
}

} // namespace troupe
