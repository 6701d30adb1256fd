#include "process/proc_stat.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace troupe {

namespace fs = std::filesystem;

std::vector<std::string> stat_fields(const fs::path& process) {
  std::ifstream in{process / "stat"};
  const std::string line{std::istreambuf_iterator<char>{in}, {}};
  const auto name_end = line.rfind(") "); // the name may have anything in it
  if (name_end == line.npos) return {};
  std::istringstream fields{line.substr(name_end + 2)};
  return {std::istream_iterator<std::string>{fields}, {}};
}

void for_each_process(const std::function<void(pid_t, const fs::path&)>& look) {
  std::error_code error;
  for (auto entry = fs::directory_iterator{"/proc", error}; entry != fs::directory_iterator{};
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    pid_t id = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (bad == std::errc{} && end == name.data() + name.size()) look(id, entry->path());
  }
}

} // namespace troupe
