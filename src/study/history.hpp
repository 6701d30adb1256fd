#pragma once

#include <troupe/config.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace troupe {

/// A trial of a former study, as one line of a history file has it (docs/formats.md).
struct past_trial {
  /// Optuna's words: it came to its end; it was stopped early; it failed; it still runs.
  enum class state : std::uint8_t { complete, pruned, fail, running };

  struct report {
    int step = 0;
    double value = 0;
  };

  trial_number number = 0;
  state at = state::complete;
  config params;
  std::vector<double> values;  ///< One per objective; empty unless complete.
  std::vector<report> reports; ///< In the order of their steps.
  std::vector<double> constraints;
};

/// The greatest number of a past trial: searchers keep tables by number, so that a single greater
/// one would fill the memory.
constexpr trial_number most_past_trial = 9'999'999;

/// Reads a line for a study. Throws std::invalid_argument, naming the key, for anything else than a
/// trial with a value for each objective. A trial without constraints counts as feasible, as in
/// Optuna 5.
past_trial read_past_trial(const boost::json::object& line, const study& s);

/// Tells a searcher of past trials, by number.
void teach(searcher& s, std::vector<past_trial> history);

} // namespace troupe
