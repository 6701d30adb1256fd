#include "process/metric_pattern.hpp"

#include "process/number_text.hpp"
#include "process/shown_line.hpp"

#include <stdexcept>

namespace troupe {

namespace {

boost::regex compiled(const std::string& pattern) {
  try {
    return boost::regex{pattern};
  } catch (const boost::regex_error& e) {
    throw std::invalid_argument{std::string{"must be a regular expression: "} + e.what()};
  }
}

} // namespace

metric_pattern::metric_pattern(std::string name, const std::string& pattern)
    : name_{std::move(name)},
      pattern_{compiled(pattern)} {
  if (const auto groups = pattern_.mark_count(); groups != 1)
    throw std::invalid_argument{
        "must have exactly one group ( ), which is the number; groups that only hold together are "
        "(?: ); found " +
        std::to_string(groups)};
}

std::optional<double> metric_pattern::find_in(std::string_view line) const {
  boost::match_results<std::string_view::const_iterator> match;
  try {
    if (!boost::regex_search(line.begin(), line.end(), match, pattern_)) return std::nullopt;
  } catch (const std::runtime_error&) {
    throw std::runtime_error{"the pattern of \"" + name_ + "\" takes too long on the line: " +
                             shown_line(line) + "; say it without nested repetitions"};
  }
  const auto text = match[1].str();
  const auto x = number_in(text);
  if (!x)
    throw std::runtime_error{"the pattern of \"" + name_ + "\" finds \"" + shown_line(text) +
                             "\", which is no number, in the line: " + shown_line(line)};
  return x;
}

std::optional<metrics> pattern_reader::read(std::string_view line) {
  for (const auto& p : patterns_)
    if (const auto x = p.find_in(line)) found_.set(p.name(), *x);
  if (found_.empty() || found_.size() < patterns_.size()) return std::nullopt;
  return std::exchange(found_, {});
}

std::string pattern_reader::why_none() const {
  std::string names;
  for (const auto& p : patterns_)
    if (!found_.find(p.name())) names += (names.empty() ? "\"" : ", \"") + p.name() + '"';
  return "no line has matched the pattern of " + names;
}

} // namespace troupe
