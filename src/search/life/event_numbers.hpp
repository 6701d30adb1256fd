#pragma once

#include "base/json.hpp"

#include <troupe/events.hpp>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

/// What a journal's reader asks of the numbers in an event, whatever has come before it. All of
/// them throw std::invalid_argument, naming the field.
namespace troupe {

/// More of anything than any machine has.
inline constexpr double most_of_a_resource = 1e12;

[[noreturn]] inline void refuse(std::string_view key, const std::string& wanted,
                                const std::string& found) {
  throw std::invalid_argument{"\"" + std::string{key} + "\" must be " + wanted + "; found " +
                              found};
}

inline void check_number(std::string_view key, std::int64_t found, std::int64_t wanted) {
  if (found != wanted) refuse(key, std::to_string(wanted), std::to_string(found));
}

inline void check_range(std::string_view key, std::int64_t found, std::int64_t low,
                        std::int64_t high) {
  if (found < low || found > high)
    refuse(key, "from " + std::to_string(low) + " to " + std::to_string(high),
           std::to_string(found));
}

inline void check_seconds(std::string_view key, double found) {
  if (!std::isfinite(found)) refuse(key, "a number of seconds", to_text(found));
}

inline void check_amount(std::string_view key, double found) {
  if (!(found >= 0 && found <= most_of_a_resource)) refuse(key, "an amount", to_text(found));
}

template <class Amounts>
inline void check_amounts(const Amounts& all) {
  check_amount("cpu", all.cpu);
  check_amount("gpu", all.gpu);
  check_amount("memory_gb", all.memory_gb);
}

inline void check_custom(const custom_amounts& all) {
  for (const auto& [name, amount] : all)
    check_amount(name, amount);
}

inline void check_limits(const study_limits& all) {
  check_amounts(all.per_trial);
  check_custom(all.per_trial.custom);
  check_custom(all.custom);
}

inline void check_without_trial(const event& e) {
  if (e.trial) refuse("trial", "null", trial_id(*e.trial));
}

} // namespace troupe
