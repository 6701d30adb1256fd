#include <troupe/reason_kind.hpp>

#include <algorithm>
#include <array>

namespace troupe {

namespace {

/// In the order of the kinds.
constexpr std::array<std::string_view, 24> names{
    "none",         "stop_rule",   "stopper",     "pruned",         "max_t",      "diverged",
    "stranded",     "by_hand",     "error",       "no_report",      "bad_report", "out_of_memory",
    "exit_code",    "signal",      "time_limit",  "progress_limit", "stuck",      "lost",
    "no_resources", "interrupted", "time_budget", "fail_fast",      "broken",     "not_recorded",
};
static_assert(names[static_cast<std::size_t>(reason_kind::not_recorded)] == "not_recorded");

} // namespace

std::string_view to_string(reason_kind kind) noexcept {
  return names[static_cast<std::size_t>(kind)];
}

std::optional<reason_kind> reason_kind_from(std::string_view name) noexcept {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<reason_kind>(found - names.begin());
}

} // namespace troupe
