#include "cli/open_trials.hpp"

#include "store/time_text.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace troupe {

std::string second_text(std::int64_t time_ns) {
  return to_sql_time_text(time_ns).substr(0, std::size("2026-03-01 17:04:05") - 1) + " UTC";
}

std::string open_trials_text(const trial_holders& holders, const std::string& folder) {
  constexpr std::size_t most_lines = 20;
  std::string text;
  std::size_t lines = 0;
  for (const auto& [n, holder] : holders.all()) {
    if (lines++ == most_lines) break;
    text += fmt::format("  trial {}: {} has it since {}", trial_id(n), name_of(holder),
                        second_text(holder.since_ns));
    if (holder.lease)
      text += fmt::format(", its lease runs out at {}\n", second_text(holder.lease->until_ns()));
    else
      text += fmt::format(", without a lease; should it have died: troupe drop {} {}\n", folder,
                          trial_id(n));
  }
  if (lines > most_lines) text += fmt::format("  and {} more\n", holders.all().size() - most_lines);
  return text;
}

} // namespace troupe
