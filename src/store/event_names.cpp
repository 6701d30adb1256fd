#include "store/event_names.hpp"

#include <algorithm>

namespace troupe::detail {

namespace {

template <class Names, class Named>
bool find_in(const Names& names, std::string_view name, Named& out) noexcept {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return false;
  out = static_cast<Named>(found - names.begin());
  return true;
}

} // namespace

bool find_named(std::string_view name, verdict& out) noexcept {
  return find_in(verdict_names, name, out);
}

bool find_named(std::string_view name, stop_rule::side& out) noexcept {
  return find_in(side_names, name, out);
}

bool find_named(std::string_view name, trial_state& out) noexcept {
  for (int i = 0; i <= static_cast<int>(trial_state::interrupted); ++i)
    if (const auto state = static_cast<trial_state>(i); name == to_string(state)) {
      out = state;
      return true;
    }
  return false;
}

bool find_named(std::string_view name, reason_kind& out) noexcept {
  const auto found = reason_kind_from(name);
  if (found) out = *found;
  return found.has_value();
}

} // namespace troupe::detail
