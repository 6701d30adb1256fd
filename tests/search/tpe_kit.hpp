#pragma once

#include "base/json.hpp"
#include "search/recorded_lines.hpp"
#include "search/searchers/tpe/model.hpp"

#include <boost/json/value.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// Reads recorded histories of trials, and feeds TPE with them.
namespace troupe::tpe {

using boost::json::value;

inline std::string text_of(const value& v) {
  return std::string{std::string_view{v.as_string()}};
}

/// null is NaN.
inline double real(const value& v) {
  return v.is_null() ? std::numeric_limits<double>::quiet_NaN() : as_number(v);
}

inline std::vector<double> reals(const value& list) {
  std::vector<double> all;
  for (const auto& v : list.as_array())
    all.push_back(real(v));
  return all;
}

template <class T>
std::vector<T> whole(const value& list) {
  std::vector<T> all;
  for (const auto& v : list.as_array())
    all.push_back(static_cast<T>(v.as_int64()));
  return all;
}

/// One line of the recordings: a space, and the trials of a study.
struct recorded_history {
  explicit recorded_history(const value& line) : line_{line} {
    for (const auto& [name, distribution] : line.at("space").as_object()) {
      names.emplace_back(name);
      distributions.push_back(distribution);
      dimensions.push_back(dimension_of(distribution));
    }
    objectives = line.at("directions").as_array().size();
    for (const auto& direction : line.at("directions").as_array())
      signs.push_back(text_of(direction) == "minimize" ? 1 : -1);
  }

  static dimension dimension_of(const value& d) {
    dimension made;
    if (text_of(d.at("type")) == "categorical") {
      made.choices = d.at("choices").as_array().size();
      return made;
    }
    made.low = real(d.at("low"));
    made.high = real(d.at("high"));
    made.step = d.at("step").is_null() ? 0 : real(d.at("step"));
    made.log = d.at("log").as_bool();
    return made;
  }

  std::size_t place_of(std::string_view name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    REQUIRE(found != names.end());
    return static_cast<std::size_t>(found - names.begin());
  }

  std::vector<std::size_t> places_of(const value& list) const {
    std::vector<std::size_t> places;
    for (const auto& name : list.as_array())
      places.push_back(place_of(text_of(name)));
    return places;
  }

  /// Returns a trial's values in the own scale; `joint`: with the joint sample of one that runs.
  std::vector<double> values_of(const value& trial, bool joint) const {
    std::vector<double> values(names.size(), std::numeric_limits<double>::quiet_NaN());
    const auto take = [&](const value& params) {
      for (const auto& [name, v] : params.as_object()) {
        const std::size_t p = place_of(name);
        if (!dimensions[p].categorical()) {
          values[p] = real(v);
          continue;
        }
        const auto& choices = distributions[p].at("choices").as_array();
        values[p] =
            static_cast<double>(std::find(choices.begin(), choices.end(), v) - choices.begin());
      }
    };
    if (joint && trial.as_object().contains("relative_params")) take(trial.at("relative_params"));
    take(trial.at("params"));
    return values;
  }

  std::vector<double> losses_of(const value& trial) const {
    auto losses = reals(trial.at("values"));
    for (std::size_t i = 0; i < losses.size(); ++i)
      losses[i] *= signs[i];
    return losses;
  }

  /// Returns how an ended trial ranks.
  standing standing_of(const value& trial) const {
    const auto n = static_cast<row_number>(trial.at("number").as_int64());
    const auto& fields = trial.as_object();
    if (fields.contains("constraints")) {
      double violation = 0;
      for (const double c : reals(trial.at("constraints")))
        violation += std::max(c, 0.0);
      if (violation > 0) return infeasible(n, violation);
    }
    if (text_of(trial.at("state")) == "COMPLETE") return completed(n, losses_of(trial));
    if (!fields.contains("reports") || trial.at("reports").as_array().empty())
      return stopped(n, std::nullopt);
    const auto& last = trial.at("reports").as_array().back();
    return stopped(
        n, last_report{static_cast<int>(last.at(0).as_int64()), signs[0] * real(last.at(1))});
  }

  const boost::json::array& trials() const { return line_.at("trials").as_array(); }

  /// Returns the model after all trials. They end in an order of their own, by `step` modulo their
  /// number, as the state must not depend on it.
  model replay(const tpe_options& options, std::size_t step = 1) const {
    model m{dimensions, options, objectives};
    for (const auto& trial : trials())
      if (text_of(trial.at("state")) != "WAITING")
        m.start(static_cast<row_number>(trial.at("number").as_int64()),
                values_of(trial, options.multivariate.value_or(objectives == 1)));
    for (std::size_t i = 0; i < trials().size(); ++i) {
      const auto& trial = trials()[i * step % trials().size()];
      const auto state = text_of(trial.at("state"));
      if (state == "FAIL") m.fail(static_cast<row_number>(trial.at("number").as_int64()));
      if (state == "COMPLETE" || state == "PRUNED") m.finish(standing_of(trial));
      if (trial.as_object().contains("distributions"))
        for (const auto& changed : trial.at("distributions").as_object())
          m.set_apart(place_of(changed.key()));
    }
    return m;
  }

  std::vector<std::string> names;
  std::vector<value> distributions;
  std::vector<dimension> dimensions;
  std::size_t objectives = 1;
  std::vector<double> signs; ///< Times a value gives a loss.

private:
  const value& line_;
};

} // namespace troupe::tpe
