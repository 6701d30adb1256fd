#pragma once

#include "base/json.hpp"
#include "cli/gzip_lines.hpp"
#include "search/space/dimension.hpp"
#include "search/tpe_functions.hpp"

#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Whole searches, and whether they come as far as those that Optuna 5 was recorded with.
namespace troupe::parity {

/// A searcher, and the recorded sampler that it must be as good as.
struct contender {
  std::string_view label;
  named_options searcher;
  std::string_view recorded;
  std::uint64_t seeds;     ///< Searches of ours per function.
  bool by_estimate{false}; ///< Too few searches are recorded for a narrow interval.
};

/// Returns whether a searcher of that name can be made.
inline bool is_known(std::string_view searcher) {
  study s;
  s.space.add("x", uniform{0, 1});
  s.searcher.name = searcher;
  try {
    make_searcher(s);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

/// Returns all contenders, with `seeds` searches per function; `slow_seeds` for those that think
/// long.
inline std::vector<contender> contenders(std::uint64_t seeds, std::uint64_t slow_seeds) {
  std::vector<contender> all{
      {"random", {"random", {}}, "random", seeds},
      {"tpe", {"tpe", {}}, "tpe", seeds},
      {"tpe, univariate", {"tpe", {{"multivariate", false}}}, "tpe_univariate", seeds},
      {"cmaes", {"cmaes", {}}, "cmaes", seeds},
      {"gp", {"gp", {}}, "gp", slow_seeds, true}};
  std::erase_if(all, [](const contender& c) { return !is_known(c.searcher.name); });
  return all;
}

/// The best values that a recorded sampler found for a function, one per seed.
struct recording {
  trial_number trials = 0;
  std::vector<double> best;
};

/// By the names of function and sampler.
using recordings = std::map<std::pair<std::string, std::string>, recording>;

/// Reads endtoend.jsonl.gz. `tpe` is the sampler that takes equal observations in the order of
/// their trials, where that was recorded.
inline recordings read_recordings(const std::string& file) {
  recordings all;
  gzip_lines lines{file};
  for (std::string text; lines.next(text);) {
    const auto line = parse_json(text);
    std::string sampler{line.at("sampler").as_string()};
    if (sampler == "tpe_stable_ties") sampler = "tpe";
    auto& made = all[{std::string{line.at("function").as_string()}, sampler}];
    made = {static_cast<trial_number>(line.at("trials").as_int64()), {}};
    for (const auto& run : line.at("best").as_array())
      made.best.push_back(as_number(run.as_array().back()));
  }
  return all;
}

/// Returns the study whose metric is the function.
inline study study_of(const test_function& f, const named_options& searcher) {
  study s;
  s.metric = "value";
  s.searcher = searcher;
  const bool is_mixed = f.name == "mixed";
  constexpr std::array mixed_names{"lr", "n", "k", "c", "m"};
  for (std::size_t i = 0; i < f.space.size(); ++i) {
    const auto& d = f.space[i];
    domain law = float_range{d.low, d.high, {}, d.log};
    if (d.categorical()) law = choice{{"a", "b", "d"}};
    if (d.stepped())
      law =
          int_range{static_cast<std::int64_t>(d.low), static_cast<std::int64_t>(d.high), 1, d.log};
    std::vector<condition> when;
    if (is_mixed && i == 4) when.push_back({"c", {"b"}});
    s.space.add(is_mixed ? mixed_names.at(i) : "x" + std::to_string(i), law, when);
  }
  return s;
}

/// Returns the function's value at a configuration.
inline double value_at(const test_function& f, const search_space& space, const config& c) {
  point x;
  for (const auto& parameter : space.entries()) {
    const auto* v = c.if_contains(parameter.path);
    x.push_back(v ? to_number(parameter.domain, *v) : std::numeric_limits<double>::quiet_NaN());
  }
  return f.value(x);
}

/// Returns the least value of `trials` trials, one after the other.
inline double best_of(const test_function& f, study s, std::uint64_t seed, trial_number trials) {
  s.seed = seed;
  const auto searcher = make_searcher(s);
  double best = std::numeric_limits<double>::infinity();
  for (trial_number n = 0; n < trials; ++n) {
    const double value = value_at(f, s.space, std::get<config>(searcher->suggest(n)));
    best = std::min(best, value);
    searcher->complete(n, value);
  }
  return best;
}

/// Vargha and Delaney's A12: how likely a value of ours is less than one of theirs, equal ones
/// counting half ("A critique and improvement of the CL common language effect size statistics",
/// 2000). 0.5 if nobody is better.
struct superiority {
  double a12;
  double error; ///< Its standard error if nobody is better.

  /// The ends of its 90 % interval.
  double low() const { return a12 - 1.645 * error; }
  double high() const { return a12 + 1.645 * error; }
};

inline superiority compare(const std::vector<double>& ours, std::vector<double> theirs) {
  std::sort(theirs.begin(), theirs.end());
  const auto n = static_cast<double>(ours.size());
  const auto m = static_cast<double>(theirs.size());
  double wins = 0;
  for (const double x : ours) {
    const auto [first, last] = std::equal_range(theirs.begin(), theirs.end(), x);
    wins += static_cast<double>(theirs.end() - last) + static_cast<double>(last - first) / 2;
  }
  return {wins / (n * m), std::sqrt((n + m + 1) / (12 * n * m))};
}

} // namespace troupe::parity
