#include "process/session_memory.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// What proc(5) says of a process.
struct process_memory {
  fs::path folder;
  std::uint64_t resident = 0; ///< Bytes, shared ones too.
};

/// Of those in `session` only.
std::optional<process_memory> look_at(const fs::path& folder, pid_t session) {
  std::ifstream in{folder / "stat"};
  const std::string line{std::istreambuf_iterator<char>{in}, {}};
  const auto name_end = line.rfind(") "); // the name may have anything in it
  if (name_end == line.npos) return std::nullopt;
  std::istringstream fields{line.substr(name_end + 2)};
  const std::vector<std::string> all{std::istream_iterator<std::string>{fields}, {}};
  constexpr std::size_t session_field = 3, resident_field = 21; // the state is the first
  if (all.size() <= resident_field || all[session_field] != std::to_string(session))
    return std::nullopt;
  std::uint64_t pages = 0;
  std::from_chars(all[resident_field].data(),
                  all[resident_field].data() + all[resident_field].size(), pages);
  return process_memory{folder, pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

/// Its own memory, and its share of what it shares; all that is resident where nobody says so.
std::uint64_t proportional(const process_memory& p) {
  std::ifstream in{p.folder / "smaps_rollup"};
  for (std::string word; in >> word;) {
    std::uint64_t kb = 0;
    if (word == "Pss:" && in >> kb) return kb * 1024;
    in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return p.resident;
}

} // namespace

std::uint64_t memory_of_session(pid_t session, std::uint64_t most) {
  std::vector<process_memory> all;
  std::uint64_t resident = 0;
  std::error_code gone;
  for (auto entry = fs::directory_iterator{"/proc", gone}; entry != fs::directory_iterator{};
       entry.increment(gone)) {
    const auto name = entry->path().filename().string();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    if (auto p = look_at(entry->path(), session)) {
      resident += p->resident;
      all.push_back(std::move(*p));
    }
  }
  if (resident <= most) return resident;
  std::uint64_t proper = 0;
  for (const auto& p : all)
    proper += proportional(p);
  return proper;
}

} // namespace troupe
