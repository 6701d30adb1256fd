#pragma once

#include <troupe/config.hpp>
#include <troupe/domain.hpp>
#include <troupe/searcher.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What a function asks for the parameters of one trial: the space is what it asks for.
///
///     void define(troupe::suggester& trial) {
///       trial.suggest_float("lr", 1e-4, 1e-1, {.log = true});
///       if (trial.suggest_choice("optimizer", {"sgd", "adam"}) == "sgd")
///         trial.suggest_float("momentum", 0, 1);
///     }
///
/// Names are paths, as in search_space. A name always has the same law; asked for a second time in
/// a trial, it has the same value.
class suggester {
public:
  struct float_options {
    std::optional<double> step{}; ///< One of low, low + step, …; not with `log`.
    bool log = false;
  };
  struct int_options {
    std::int64_t step = 1;
    bool log = false;
  };

  virtual ~suggester() = default;

  /// Returns a number of [low, high]: see float_range.
  double suggest_float(const std::string& path, double low, double high, float_options o);
  double suggest_float(const std::string& path, double low, double high) {
    return suggest_float(path, low, high, float_options{});
  }

  /// Returns an integer of low, …, high: see int_range.
  std::int64_t suggest_int(const std::string& path, std::int64_t low, std::int64_t high,
                           int_options o);
  std::int64_t suggest_int(const std::string& path, std::int64_t low, std::int64_t high) {
    return suggest_int(path, low, high, int_options{});
  }

  /// Returns one of the values.
  boost::json::value suggest_choice(const std::string& path,
                                    std::vector<boost::json::value> values);

  /// Returns a value by any law that does not depend on other parameters. Throws
  /// std::invalid_argument, naming the path, if nothing can be drawn from it, or if the name had
  /// another law before.
  virtual boost::json::value suggest(const std::string& path, const domain& law) = 0;
};

/// Returns the searcher that `s.searcher` names, for the space that `define` asks for when it is
/// run, once for each trial, before the trial starts: `s.space` and `s.points_to_evaluate` do not
/// count.
///
/// A parameter that has not been asked for before is drawn by its law; from the next trial on the
/// searcher proposes it, as one that not all trials have. `define` must depend on nothing but what
/// it is given, and throws what it likes. Not for `grid`, which must know the space beforehand.
std::unique_ptr<searcher> define_by_run(const study& s, std::function<void(suggester&)> define);

} // namespace troupe
