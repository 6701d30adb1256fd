#include "cli/preview_command.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "base/secret_names.hpp"
#include "base/values.hpp"
#include "cli/exit_code.hpp"
#include "cli/longest_trial.hpp"
#include "library/devices.hpp"
#include "search/life/config_resources.hpp"
#include "search/life/resource_ledger.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "search/space/grid.hpp"

#include <troupe/runtime.hpp>
#include <troupe/study.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <ostream>
#include <stdexcept>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr std::uint64_t shown_suggestions = 5;

/// What a study would do.
struct preview {
  std::uint64_t trials = 0;
  std::vector<grid_axis> grid;
  std::vector<planned_bracket> brackets;
  std::optional<double> longest; ///< Iterations of a trial at most, if something says so.
  std::uint64_t concurrent = 0;
  std::vector<config> first;        ///< Suggestions that need no results,
  bool all_first = false;           ///< of which there are no more,
  std::vector<std::string> unmet;   ///< and why each of them cannot be started; empty: it can.
  std::vector<std::string> exact;   ///< What is certain,
  std::vector<std::string> depends; ///< and what depends on results.
};

/// Says what the first trials cannot be given of what they need, and how many trials run beside
/// each other at most, where the machine is the study's alone.
void count_resources(const study& s, preview& p) {
  const resource_ledger machine{allowed_to(s, machine_capacity())};
  std::optional<resources> least;
  for (const config& c : p.first)
    try {
      const auto each = resources_for(s, c);
      p.unmet.push_back(machine.why_never(each));
      if (p.unmet.back().empty()) least = least ? least_of(*least, each) : each;
    } catch (const std::invalid_argument& e) {
      p.unmet.emplace_back(e.what());
    }
  const auto at_once = least             ? machine.most_at_once(*least)
                       : p.first.empty() ? machine.most_at_once(s.per_trial)
                                         : 0;
  p.concurrent =
      std::min({p.trials, at_once, s.max_concurrent ? std::uint64_t{*s.max_concurrent} : p.trials});
}

void suggest_first(const study& s, preview& p) {
  const auto searcher = make_searcher(s);
  while (p.first.size() < shown_suggestions) {
    const auto n = static_cast<trial_number>(p.first.size());
    auto suggested = n < p.trials ? searcher->suggest(n) : suggestion{exhausted{}};
    auto* c = std::get_if<config>(&suggested);
    if (!c) break;
    p.first.push_back(std::move(*c));
  }
  p.all_first = p.first.size() == p.trials;
}

void say_how_certain(const study& s, preview& p) {
  const auto searcher = find_searcher(s.searcher.name);
  p.exact.push_back(searcher && searcher->needs_finite_space
                        ? "the number of trials, unless the grid is smaller"
                        : "the number of trials");
  if (!learns(s))
    p.exact.push_back("every configuration: " + s.searcher.name + " does not look at results");
  else
    p.depends.push_back("configurations: " + s.searcher.name +
                        " learns from results; those shown are suggested before there are any");
  if (!p.brackets.empty()) p.exact.push_back("when trials are judged");
  const auto scheduler = find_scheduler(s.scheduler.name);
  if (scheduler && !scheduler->judges)
    p.exact.push_back("that no trial is stopped in favour of others");
  else
    p.depends.push_back("which trials " + s.scheduler.name + " lets go on, and how long");
  if (!s.per_config.empty())
    p.depends.push_back(
        "how many trials run at once: what each needs follows from its configuration");
  if (!s.stop.empty()) p.depends.push_back("which trials reach a bound of stop");
  p.depends.push_back("how long it takes");
}

preview look_ahead(const study& s) {
  preview p;
  p.trials = number_of_trials(s);
  p.grid = axes_of(s.space);
  p.brackets = planned_brackets(s);
  p.longest = longest_trial(s);
  suggest_first(s, p);
  count_resources(s, p);
  say_how_certain(s, p);
  return p;
}

json::array numbers(const std::vector<double>& values) {
  json::array all;
  for (const double v : values)
    all.push_back(plain_number(v));
  return all;
}

json::object to_json(const study& s, const preview& p) {
  json::array grid;
  for (const auto& axis : p.grid)
    grid.push_back({{"parameter", axis.path}, {"points", points_of(*axis.values)}});
  json::array brackets;
  for (const auto& b : p.brackets)
    brackets.push_back({{"trials", b.trials ? plain_number(*b.trials) : json::value(nullptr)},
                        {"rungs", numbers(b.rungs)}});
  json::array suggestions;
  for (std::size_t n = 0; n < p.first.size(); ++n) {
    json::object one{{"id", trial_id(static_cast<trial_number>(n))}, {"params", p.first[n]}};
    if (!p.unmet[n].empty()) one["no_resources"] = p.unmet[n];
    suggestions.push_back(std::move(one));
  }
  return {{"name", s.name},
          {"trials", p.trials},
          {"grid", grid},
          {"searcher", s.searcher.name},
          {"scheduler", s.scheduler.name},
          {"brackets", brackets},
          {"max_iterations", p.longest ? plain_number(*p.longest) : json::value(nullptr)},
          {"max_concurrent", p.concurrent},
          {"suggestions", suggestions},
          {"exact", json::array(p.exact.begin(), p.exact.end())},
          {"depends_on_results", json::array(p.depends.begin(), p.depends.end())}};
}

std::string joined(const std::vector<double>& values) {
  std::string text;
  for (const double v : values)
    text += (text.empty() ? "" : ", ") + to_text(plain_number(v));
  return text;
}

std::string described(const study& s, const preview& p) {
  std::string text =
      fmt::format("study {}: {}, searcher {}, scheduler {}, seed {}\n", s.name,
                  count_text(p.trials, "trial"), s.searcher.name, s.scheduler.name, s.seed);
  for (const auto& axis : p.grid)
    text +=
        fmt::format("grid: {} has {}\n", axis.path, count_text(points_of(*axis.values), "point"));
  if (p.longest)
    text += fmt::format("a trial has at most {}\n", count_text(*p.longest, "iteration"));
  for (std::size_t b = 0; b < p.brackets.size(); ++b)
    text +=
        fmt::format("bracket {}: {}judged at {}\n", b,
                    p.brackets[b].trials ? count_text(*p.brackets[b].trials, "trial") + ", " : "",
                    joined(p.brackets[b].rungs));
  text += fmt::format("at most {} at once\n", p.concurrent);
  if (!p.first.empty()) text += p.all_first ? "configurations:\n" : "first configurations:\n";
  for (std::size_t n = 0; n < p.first.size(); ++n) {
    text += fmt::format("  {} {}\n", trial_id(static_cast<trial_number>(n)),
                        to_text(json::value(p.first[n])));
    if (!p.unmet[n].empty())
      text += fmt::format("        cannot be started here: {}\n", p.unmet[n]);
  }
  text += "certain beforehand:\n";
  for (const auto& line : p.exact)
    text += "  " + line + '\n';
  text += "depends on results:\n";
  for (const auto& line : p.depends)
    text += "  " + line + '\n';
  return text;
}

/// Reads the study; if it names a trainable that is known, as `run` does. It may have none, or
/// another program's, and needs no secrets.
study read_for_preview(const preview_options& options, const registry& known) try {
  return read_study(options.file, options.overrides, &known);
} catch (const invalid_study& e) {
  auto faults = e.faults();
  std::erase_if(faults, [](const fault& f) {
    return f.path == "trainable" || f.path == "trainable/name" ||
           (f.path.starts_with("trainable/") && names_secret(f.path));
  });
  if (!faults.empty()) throw invalid_study{std::move(faults)};
  return read_study(options.file, options.overrides);
}

} // namespace

int preview_command(const preview_options& options, const registry& known, std::ostream& out) {
  const auto s = read_for_preview(options, known);
  const auto p = look_ahead(s);
  if (options.json)
    out << to_text(json::value(to_json(s, p))) << '\n';
  else
    out << described(s, p);
  return exit_code::done;
}

} // namespace troupe
