#include "process/session_memory.hpp"

#include "process/proc_stat.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// A process, and how many bytes of memory it has in use, shared ones too.
struct process_memory {
  fs::path folder;
  std::uint64_t resident = 0;
};

/// Of those in `session` only.
std::optional<process_memory> look_at(const fs::path& folder, pid_t session) {
  const auto all = stat_fields(folder);
  constexpr std::size_t session_field = 3, resident_field = 21; // the state is the first
  if (all.size() <= resident_field || all[session_field] != std::to_string(session))
    return std::nullopt;
  const auto& text = all[resident_field];
  std::uint64_t pages = 0;
  std::from_chars(text.data(), text.data() + text.size(), pages);
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
  for_each_process([&](pid_t, const fs::path& folder) {
    if (auto p = look_at(folder, session)) {
      resident += p->resident;
      all.push_back(std::move(*p));
    }
  });
  if (resident <= most) return resident;
  std::uint64_t proper = 0;
  for (const auto& p : all)
    proper += proportional(p);
  return proper;
}

} // namespace troupe
