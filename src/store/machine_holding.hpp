#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What a study holds of its machine while it trains there.
struct machine_holding {
  std::int64_t pid = 0;             ///< Its process.
  std::optional<std::string> study; ///< Its folder, absolute; none if it has none.
  double cpus = 0;
  std::vector<int> cpu_set;      ///< Where its process may run (machine_view::cpus).
  std::vector<std::string> gpus; ///< As in machine_view::gpus.

  friend bool operator==(const machine_holding&, const machine_holding&) = default;
};

/// Returns a line of JSON, with its end.
std::string to_text(const machine_holding& h);

/// Returns what to_text has made; none for anything else.
std::optional<machine_holding> read_holding(std::string_view text);

} // namespace troupe
