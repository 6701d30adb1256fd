#pragma once

#include <troupe/study.hpp>

#include <string>
#include <string_view>

namespace troupe {

// More than any machine has; what is counted in devices is kept in tables.
inline constexpr double most_cpus = 1e6;
inline constexpr double most_gpus = 1e4;
inline constexpr double most_memory_gb = 1e9;
inline constexpr double most_custom = 1e9;

/// Returns whether an amount would be counted as none: they are exact to 1/10000.
constexpr bool is_too_small(double amount) noexcept {
  return amount > 0 && amount < 1e-4;
}

/// Returns the largest amount of a resource that one trial may need.
double most_of(std::string_view resource) noexcept;

/// Says what is wrong with an expression for what trials of such a space need; empty if nothing.
std::string wrong_amount(const expression& e, const search_space& space);

/// Returns what a trial with configuration `c` needs: the study's `per_trial`, with what its
/// expressions come to. Throws std::invalid_argument, naming the key, for one that fails or does
/// not come to an amount.
resources resources_for(const study& s, const config& c);

/// Returns the lesser of two amounts of each resource.
resources least_of(resources a, const resources& b);

} // namespace troupe
