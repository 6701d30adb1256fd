#include "cli/looking.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "cli/find_trial.hpp"
#include "cli/holder_in.hpp"
#include "cli/meant_study.hpp"
#include "cli/result_table.hpp"
#include "cli/terminal.hpp"
#include "views/best_table.hpp"
#include "views/comparison.hpp"
#include "views/importance.hpp"
#include "views/row_filter.hpp"
#include "views/status_table.hpp"
#include "views/table_text.hpp"
#include "views/trial_record.hpp"
#include "views/trial_table.hpp"

#include <troupe/open_results.hpp>

#include <fmt/format.h>

#include <iostream>
#include <stdexcept>
#include <unistd.h>

namespace troupe {

namespace {

bool is_for_people(const listing_options& o) {
  return o.format == "table" && o.columns.empty();
}

/// The columns of a status that a person wants to see: not the states in which no trial is.
std::vector<std::string> telling_columns(const table& status) {
  const auto done = column_at(status, "done"), best = column_at(status, "best");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < status.columns.size(); ++i)
    if (i <= done || i >= best || status.rows.front()[i] != 0)
      names.push_back(status.columns[i].name);
  return names;
}

} // namespace

int status_command(const look_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto holder = holder_in(layout);
  const auto study = open_results(layout.root());
  const auto status = status_table(study, layout.root().string(), holder);
  auto listing = o.listing;
  if (is_for_people(o.listing)) listing.columns = telling_columns(status);
  print_sheet(status, listing, out);
  if (!is_for_people(o.listing)) return exit_code::done;
  out << failures(study.results());
  if (study_state_of(study, holder) == "not running")
    err << "nobody runs it: what was running goes on with `troupe resume`\n";
  return exit_code::done;
}

int best_command(const look_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto study = open_results(layout.root());
  const auto& results = study.results();
  const auto best = best_table(results, layout);
  if (best.rows.empty()) {
    with_columns(best, o.listing.columns);
    err << fmt::format("no trial has succeeded with a value of \"{}\"\n", results.metric);
    if (o.listing.format == "json") out << "null\n";
    return exit_code::nothing_succeeded;
  }
  if (results.pareto_front.empty())
    print_sheet(best, o.listing, out);
  else if (is_for_people(o.listing))
    print_listing(of_trials(trial_table(results, study.study().space), results.pareto_front),
                  o.listing, out, err);
  else
    print_listing(best, o.listing, out, err);
  return exit_code::done;
}

int trials_command(const trials_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto study = open_results(layout.root());
  auto all = trial_table(study.results(), study.study().space);
  if (o.where) {
    try {
      const auto fits = read_filter(*o.where, all);
      std::erase_if(all.rows, [&](const auto& row) { return !fits(row); });
    } catch (const std::invalid_argument& e) {
      throw std::invalid_argument{"--where: " + std::string{e.what()}};
    }
  }
  if (o.sort) sort_rows(all, *o.sort);
  if (o.most && *o.most < all.rows.size()) all.rows.resize(*o.most);
  print_listing(all, o.listing, out, err);
  return exit_code::done;
}

int compare_command(const comparison_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto study = open_results(layout.root());
  std::vector<trial_number> which;
  for (const auto& called : o.trials)
    which.push_back(find_trial(study.results(), called));
  const auto rows = of_trials(trial_table(study.results(), study.study().space), which);
  print_listing(comparison(rows, column_at(rows, "id")), o.listing, out, err);
  return exit_code::done;
}

int importance_command(const look_options& o, std::ostream& out, std::ostream& err) {
  constexpr std::size_t few = 20;
  const auto study = open_results(meant_study(o.folder, err).root());
  const auto found = importance_of(study.study(), study.results());
  print_listing(found.shares, o.listing, out, err);
  if (found.trials < few)
    err << fmt::format("{} that ended with a value of \"{}\": too few to rely on\n",
                       count_text(found.trials, "trial"), study.results().metric);
  return exit_code::done;
}

int show_command(const show_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto study = open_results(layout.root());
  const auto record = read_trial(study, layout, find_trial(study.results(), o.trial));
  if (o.listing.format == "json" && o.listing.columns.empty())
    out << to_text(boost::json::value(to_json(record))) << '\n';
  else if (is_for_people(o.listing))
    out << to_text(record, terminal{STDOUT_FILENO}.size().columns);
  else
    print_listing(report_table(record), o.listing, out, err);
  return exit_code::done;
}

} // namespace troupe
