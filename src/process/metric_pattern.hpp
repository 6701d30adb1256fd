#pragma once

#include <troupe/metrics.hpp>

#include <boost/regex.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// How to read a metric from what a program prints: a regular expression (Perl's) with exactly one
/// group, which is the number.
class metric_pattern {
public:
  /// Throws std::invalid_argument, saying what is wrong, if `pattern` is none.
  metric_pattern(std::string name, const std::string& pattern);

  const std::string& name() const noexcept { return name_; }

  /// Returns the metric's value where `line` has the first match; none if it has no match. Throws
  /// std::runtime_error, showing the line, if what matches is no number, or if looking for it takes
  /// too long.
  std::optional<double> find_in(std::string_view line) const;

private:
  std::string name_;
  boost::regex pattern_;
};

/// Makes reports of the lines of one attempt of a trial: one whenever every pattern has matched
/// since the last.
class pattern_reader {
public:
  /// The patterns must outlive it.
  explicit pattern_reader(const std::vector<metric_pattern>& patterns) : patterns_{patterns} {}

  /// Returns the report that `line` completes, if it does. A later match takes an earlier one's
  /// place. Throws as find_in() does.
  std::optional<metrics> read(std::string_view line);

  /// Says why there is no report yet: which patterns have never matched.
  std::string why_none() const;

private:
  const std::vector<metric_pattern>& patterns_;
  metrics found_;
};

} // namespace troupe
