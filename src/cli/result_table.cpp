#include "cli/result_table.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "cli/view_state.hpp"
#include "views/text.hpp"
#include "views/trial_states.hpp"
#include "views/varying_parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <vector>

namespace troupe {
namespace {

constexpr int table_digits = 6;
constexpr int widest_cell = 40;
constexpr std::size_t most_ids = 8;

/// One column; all have as many cells.
struct table_column {
  std::string title;
  std::vector<std::string> cells;
  bool numeric = true; ///< Numbers stand at the right.

  void add(std::string_view cell) { cells.push_back(fit(cell, widest_cell)); }
};

std::vector<std::string> metric_names(const study_results& r) {
  std::vector<std::string> names;
  for (const trial_summary& t : r.trials)
    for (const auto& [name, value] : t.last)
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

/// Returns what the column is called that trials are compared by.
std::string scope_title(const study_results& r) {
  return r.scope == scope::all ? "best " + r.metric
                               : fmt::format("{} {}", to_string(r.scope), r.metric);
}

std::vector<table_column> columns_of(const study_results& r, const search_space& space) {
  std::vector<table_column> columns;
  const auto column = [&](std::string_view title, bool numeric, auto&& cell) {
    table_column& c = columns.emplace_back(table_column{printable(title), {}, numeric});
    for (const trial_summary& t : r.trials)
      c.add(cell(t));
  };
  column("trial", false, [](const trial_summary& t) { return trial_id(t.number); });
  if (!r.trial_name.empty())
    column("name", false, [&](const trial_summary& t) {
      return printable(name_of(r.trial_name, t.number, t.config));
    });
  column("status", false, [](const trial_summary& t) { return std::string{to_string(t.state)}; });
  for (const std::string& path : varying_parameters(space)) {
    const auto value = [&](const trial_summary& t) { return find(t.config, path); };
    const bool numeric = std::ranges::all_of(
        r.trials, [&](const auto& t) { return !value(t) || value(t)->is_number(); });
    column(path, numeric, [&](const trial_summary& t) {
      return value(t) ? short_value(*value(t), table_digits, widest_cell) : std::string{};
    });
  }
  for (const std::string& name : metric_names(r))
    column(name, true, [&](const trial_summary& t) {
      const double* x = t.last.find(name);
      return x ? short_number(*x, table_digits) : std::string{};
    });
  if (r.scope != scope::last)
    column(scope_title(r), true, [](const trial_summary& t) {
      return t.score ? short_number(*t.score, table_digits) : std::string{};
    });
  column("training_iteration", true, [](const auto& t) { return std::to_string(t.iterations); });
  column("total time (s)", true,
         [](const auto& t) { return short_number(t.wall_s, table_digits); });
  return columns;
}

std::string boxed(const std::vector<table_column>& columns) {
  std::vector<std::string> rules;
  std::vector<int> widths;
  for (const table_column& c : columns) {
    int width = display_width(c.title);
    for (const std::string& cell : c.cells)
      width = std::max(width, display_width(cell));
    widths.push_back(width);
    rules.emplace_back(static_cast<std::size_t>(width) + 2, '-');
  }
  const auto row = [&](auto&& text_of) {
    std::string line = "|";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto pad = columns[i].numeric ? pad_left : pad_right;
      line += ' ' + pad(text_of(columns[i]), widths[i]) + " |";
    }
    return line + '\n';
  };
  const std::string edge = fmt::format("+{}+\n", fmt::join(rules, "+"));
  std::string out = edge + row([](const auto& c) -> const auto& { return c.title; }) +
                    fmt::format("|{}|\n", fmt::join(rules, "+"));
  for (std::size_t i = 0; i < columns.front().cells.size(); ++i)
    out += row([i](const auto& c) -> const auto& { return c.cells[i]; });
  return out + edge;
}

std::string counts(const study_results& r) {
  std::vector<std::string> parts;
  for (const trial_state state : trial_states)
    if (const auto n = std::ranges::count(r.trials, state, &trial_summary::state))
      parts.push_back(fmt::format("{} {}", n, to_string(state)));
  std::string line = fmt::format("Number of trials: {}", r.trials.size());
  return parts.empty() ? line : fmt::format("{} ({})", line, fmt::join(parts, ", "));
}

/// Failures that say the same.
struct failure_group {
  std::string message;
  bool has_file; ///< error.txt, which trials have that were started.
  std::vector<std::string> ids;
};

std::string best_lines(const study_results& r, const std::optional<metrics>& test) {
  if (!r.best)
    return fmt::format("No best trial: no trial has succeeded with a value of \"{}\".\n",
                       printable(r.metric));
  const auto best = std::ranges::find(r.trials, *r.best, &trial_summary::number);
  const auto& shown = compared_metrics(*best);
  std::string out = "Best trial config: " + to_text(compared_config(*best)) + '\n';
  const auto line = [&](std::string_view what, const metrics& m, std::string_view name) {
    if (const double* x = m.find(name))
      out += fmt::format("Best trial {}{}: {}\n", what, printable(name), to_text(*x));
  };
  if (best->best_report)
    out += fmt::format("Best trial iteration: {}\n", best->best_report->iteration);
  else if (best->score)
    out += fmt::format("Best trial {} {}: {}\n", to_string(r.scope), printable(r.metric),
                       to_text(*best->score));
  const std::string_view when = best->best_report ? "" : "final ";
  line(fmt::format("{}validation ", when), shown, "loss");
  line(fmt::format("{}validation ", when), shown, "accuracy");
  if (r.metric != "loss" && r.metric != "accuracy") line(when, shown, r.metric);
  if (test)
    for (const auto& [name, value] : *test)
      line("test set ", *test, name);
  return out;
}

} // namespace

std::string failures(const study_results& r) {
  std::vector<failure_group> groups;
  for (const trial_summary& t : r.trials) {
    if (t.state != trial_state::failed) continue;
    const std::string message = first_line(t.reason);
    auto group = std::ranges::find(groups, message, &failure_group::message);
    if (group == groups.end())
      group = groups.insert(group,
                            failure_group{message, t.reason_kind != reason_kind::no_resources, {}});
    group->ids.push_back(trial_id(t.number));
  }
  std::string out;
  for (const auto& [message, has_file, ids] : groups) {
    const auto shown = std::min(ids.size(), most_ids);
    const std::string more =
        ids.size() > shown ? fmt::format(" and {} more", ids.size() - shown) : std::string{};
    const std::string where =
        has_file ? fmt::format("; see trials/{}/error.txt", ids.front()) : std::string{};
    out += fmt::format("{} failed: {}{}: {}{}\n", count_text(ids.size(), "trial"),
                       fmt::join(ids.begin(), std::next(ids.begin(), std::ptrdiff_t(shown)), ", "),
                       more, message, where);
  }
  return out;
}

std::string result_table(const study_results& r, const search_space& space) {
  std::string out = counts(r) + '\n';
  return r.trials.empty() ? out : out + boxed(columns_of(r, space));
}

std::string final_report(const study_results& r, const search_space& space,
                         const std::optional<metrics>& test) {
  std::string out = result_table(r, space) + failures(r);
  if (!r.interrupted.empty()) out += "The study ended early: " + first_line(r.interrupted) + '\n';
  return out + '\n' + best_lines(r, test);
}

} // namespace troupe
