#include "study/history.hpp"

#include "base/json.hpp"
#include "base/path.hpp"
#include "base/values.hpp"
#include "search/life/journal_check.hpp"
#include "search/space/space_sampler.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(std::string_view key, const std::string& wanted,
                         const json::value& found) {
  throw std::invalid_argument{std::string{key} + ": must be " + wanted + "; found " +
                              describe(found)};
}

/// Reads a number; not finite ones are texts, or null.
double number_at(std::string_view key, const json::value& v) {
  if (v.is_null()) return std::numeric_limits<double>::quiet_NaN();
  try {
    return as_number(v);
  } catch (const std::exception&) {
    refuse(key, R"(a number, "nan", "inf" or "-inf")", v);
  }
}

std::vector<double> numbers_at(std::string_view key, const json::value& v) {
  if (!v.is_array()) refuse(key, "a list of numbers", v);
  std::vector<double> all;
  for (const auto& one : v.get_array())
    all.push_back(number_at(key, one));
  return all;
}

past_trial::state state_of(const json::value& v) {
  using state = past_trial::state;
  for (const auto& [word, s] : {std::pair{"COMPLETE", state::complete},
                                {"PRUNED", state::pruned},
                                {"FAIL", state::fail},
                                {"RUNNING", state::running}})
    if (v == word) return s;
  refuse("state", "\"COMPLETE\", \"PRUNED\", \"FAIL\" or \"RUNNING\"", v);
}

constexpr std::ptrdiff_t deepest = 64;
constexpr std::size_t most_gaps = 1000;

/// Returns how many elements of lists would be made for nothing to place a value at `path`.
std::size_t gaps_below(const config& c, std::string_view path) {
  std::size_t gaps = 0;
  auto [part, rest] = split_first(path);
  const auto* at = c.if_contains(part);
  while (!rest.empty()) {
    std::tie(part, rest) = split_first(rest);
    if (const auto index = list_index(part)) {
      const auto* list = at ? at->if_array() : nullptr;
      const auto size = list ? list->size() : 0;
      if (*index > size) gaps += std::min(*index - size, most_gaps + 1);
      at = *index < size ? &(*list)[*index] : nullptr;
    } else {
      const auto* object = at ? at->if_object() : nullptr;
      at = object ? object->if_contains(part) : nullptr;
    }
  }
  return gaps;
}

/// Parameters may be nested, or have their whole paths as names.
config params_of(const json::value& v) {
  if (!v.is_object()) refuse("params", R"(an object, as in {"lr": 0.1})", v);
  config params;
  std::size_t gaps = 0;
  for (const auto& [name, value] : v.get_object()) {
    if (std::count(name.begin(), name.end(), '/') >= deepest)
      refuse("params", "nested at most 64 deep", json::value(std::string_view{name}.substr(0, 60)));
    gaps += gaps_below(params, name);
    if (gaps > most_gaps)
      refuse("params", "without gaps in lists: elements are named 0, 1, 2, …", json::value(name));
    place(params, name, value);
  }
  return params;
}

std::vector<past_trial::report> reports_of(const json::value& v) {
  if (!v.is_object()) refuse("intermediate", R"(an object, as in {"1": 0.9})", v);
  std::vector<past_trial::report> reports;
  for (const auto& [name, value] : v.get_object()) {
    past_trial::report r{0, number_at("intermediate", value)};
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), r.step);
    if (error != std::errc{} || end != name.data() + name.size() || r.step < -most_iteration ||
        r.step > most_iteration)
      refuse("intermediate", "named by steps, up to " + std::to_string(most_iteration),
             json::value(name));
    reports.push_back(r);
  }
  std::sort(reports.begin(), reports.end(),
            [](const auto& a, const auto& b) { return a.step < b.step; });
  return reports;
}

void teach(searcher& s, const past_trial& t) {
  s.adopt(t.number, t.params);
  for (const auto& r : t.reports)
    s.observe(t.number, r.step, outcome{{r.value}, t.constraints});
  switch (t.at) {
  case past_trial::state::complete:
    return s.complete(t.number, outcome{t.values, t.constraints});
  case past_trial::state::pruned:
    if (t.reports.empty() && t.constraints.empty()) return s.stopped(t.number, std::nullopt);
    return s.stopped(t.number, outcome{t.reports.empty() ? std::vector<double>{}
                                                         : std::vector{t.reports.back().value},
                                       t.constraints});
  case past_trial::state::fail:
    return s.complete(t.number, std::nullopt);
  case past_trial::state::running:
    return;
  }
}

} // namespace

past_trial read_past_trial(const json::object& line, const study& s) {
  const std::size_t objectives = 1 + s.further_objectives.size();
  past_trial t;
  for (const char* key : {"number", "state", "params"})
    if (!line.contains(key)) throw std::invalid_argument{std::string{key} + ": is missing"};
  const auto number = whole_number(line.at("number"));
  if (!number || *number < 0 || *number > most_past_trial)
    refuse("number", "a trial's number, from 0 to " + std::to_string(most_past_trial),
           line.at("number"));
  t.number = static_cast<trial_number>(*number);
  t.at = state_of(line.at("state"));
  t.params = params_of(line.at("params"));
  if (const auto* v = line.if_contains("intermediate"); v && !v->is_null())
    t.reports = reports_of(*v);
  if (const auto* v = line.if_contains("constraints"); v && !v->is_null())
    t.constraints = numbers_at("constraints", *v);
  if (t.at != past_trial::state::complete) return t;
  if (const auto* v = line.if_contains("values"); v && !v->is_null())
    t.values = numbers_at("values", *v);
  else if (const auto* one = line.if_contains("value"))
    t.values = {number_at("value", *one)};
  if (t.values.size() != objectives)
    throw std::invalid_argument{"values: a complete trial has one per metric of the study, " +
                                std::to_string(objectives) + "; found " +
                                std::to_string(t.values.size())};
  return t;
}

void teach(searcher& s, std::vector<past_trial> history) {
  std::stable_sort(history.begin(), history.end(),
                   [](const auto& a, const auto& b) { return a.number < b.number; });
  for (const auto& t : history)
    teach(s, t);
}

} // namespace troupe
