#pragma once

#include <troupe/config.hpp>
#include <troupe/results.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

/// The trials of a case: what they are called, and where the record says they are in their lives.
class replay_cast {
public:
  /// Returns the trial's number; a new one for a new name.
  trial_number enter(std::string_view name) {
    const auto next = static_cast<trial_number>(names_.size());
    const auto [at, is_new] = numbers_.try_emplace(std::string{name}, next);
    if (is_new) {
      names_.emplace_back(name);
      states_.push_back(trial_state::pending);
      configs_.emplace_back();
    }
    return at->second;
  }

  /// Returns the number of a trial; throws std::invalid_argument if it was never added.
  trial_number find(std::string_view name) const {
    const auto found = numbers_.find(std::string{name});
    if (found == numbers_.end())
      throw std::invalid_argument{fmt::format("trial \"{}\" was never added", name)};
    return found->second;
  }

  const std::string& name(trial_number n) const { return names_.at(n); }

  /// Where it is in its life, and its configuration.
  trial_state& state(trial_number n) { return states_.at(n); }
  config& settings(trial_number n) { return configs_.at(n); }

private:
  std::unordered_map<std::string, trial_number> numbers_;
  std::vector<std::string> names_;
  std::vector<trial_state> states_;
  std::vector<config> configs_;
};

} // namespace troupe
