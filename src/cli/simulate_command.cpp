#include "cli/simulate_command.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "search/life/judging.hpp"
#include "search/simulation/parametric_curves.hpp"
#include "search/simulation/recorded_curves.hpp"
#include "search/simulation/simulate.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "views/text.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <sys/resource.h>

namespace troupe {

namespace {

double seconds(std::int64_t ns) {
  return static_cast<double>(ns) / 1e9;
}

double peak_rss_mb() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

recorded_curves read_curves(const std::string& folder, const study& s) {
  journal_reader reader{existing_journal(study_layout{folder})};
  recorded_curves curves{[&] { return reader.next(); }};
  const metrics* sample = curves.first_report();
  if (!sample)
    throw std::invalid_argument{"--journal: no trial of the study in " + folder + " has reported"};
  const std::string missing = missing_metric(s, *sample);
  if (missing.empty()) return curves;
  std::string names;
  for (const auto& [name, value] : *sample)
    names += (names.empty() ? "" : ", ") + name;
  throw std::invalid_argument{fmt::format("--journal: the trials in {} do not report \"{}\", which "
                                          "the study is judged by; they report {}",
                                          folder, missing, names)};
}

/// The scheduler's unit of time must be there, or it would never be asked.
void check_time_attr(const study& s) {
  const auto* unit = s.scheduler.options.if_contains("time_attr");
  if (!unit || *unit == "training_iteration" || *unit == "time_total_s") return;
  throw std::invalid_argument{fmt::format(
      "scheduler/time_attr: simulated trials report training_iteration and time_total_s, not {}",
      to_text(*unit))};
}

simulation simulate_parametric(const simulation_setup& setup, const std::string& family) {
  const auto curve = make_parametric_curve(family, setup.study);
  check_time_attr(setup.study);
  const auto decides = make_correctable_scheduler(setup.study);
  const auto suggests = make_searcher(setup.study);
  return simulate(setup, *decides, *suggests, *curve);
}

simulation simulate_recorded(simulation_setup setup, std::optional<std::uint64_t> trials,
                             const std::string& folder) {
  const auto curves = read_curves(folder, setup.study);
  if (trials.value_or(0) > curves.size())
    throw std::invalid_argument{fmt::format("--trials {}: only {} of the study in {} ran", *trials,
                                            count_text(curves.size(), "trial"), folder)};
  setup.trials = trials.value_or(curves.size());
  const auto decides = make_correctable_scheduler(setup.study);
  recorded_configurations suggests{curves};
  return simulate(setup, *decides, suggests, curves);
}

/// Returns the last value of the best trial's metric; none if no trial has one.
std::optional<double> best_value(const simulation& s) {
  if (!s.results.best) return std::nullopt;
  return *s.results.trials[*s.results.best].last.find(s.results.metric);
}

boost::json::object to_json(const simulation& s, double wall_s) {
  const auto best = best_value(s);
  boost::json::array improvements;
  for (const auto& i : s.improvements)
    improvements.push_back(boost::json::array{seconds(i.at_ns), number(i.value)});
  return {{"makespan_s", seconds(s.makespan_ns)},
          {"idle_share", s.idle_share},
          {"best", best ? number(*best) : boost::json::value{}},
          {"iterations", s.iterations},
          {"trials_stopped", s.trials_stopped},
          {"best_over_time", std::move(improvements)},
          {"wall_s", wall_s},
          {"peak_rss_mb", peak_rss_mb()}};
}

/// At most `most` improvements, evenly chosen, the last one among them.
std::vector<simulation::improvement> excerpt(const simulation& s, std::size_t most) {
  const auto& all = s.improvements;
  const std::size_t count = std::min(all.size(), most);
  std::vector<simulation::improvement> chosen;
  for (std::size_t i = 1; i <= count; ++i)
    chosen.push_back(all[i * all.size() / count - 1]);
  return chosen;
}

std::string virtual_time(std::int64_t ns) {
  return clock_text(std::chrono::nanoseconds{ns});
}

std::string summary(const simulation& s, double wall_s) {
  auto text = fmt::format(
      "Virtual time:  {}\nWorkers idle:  {:.1f} % of it\nTrials:        {}, {} stopped early\n"
      "Iterations:    {}\n",
      virtual_time(s.makespan_ns), 100 * s.idle_share, s.results.trials.size(), s.trials_stopped,
      s.iterations);
  if (const auto best = best_value(s))
    text += fmt::format("Best {}: {} (trial {})\n", printable(s.results.metric),
                        short_number(*best, 6), trial_id(*s.results.best));
  if (!s.improvements.empty()) text += "\n        time  iterations  best so far\n";
  for (const auto& i : excerpt(s, 10))
    text += fmt::format("{:>12}  {:>10}  {}\n", virtual_time(i.at_ns), i.iterations,
                        short_number(i.value, 6));
  return text + fmt::format("\nSimulated in {:.2f} s with {:.0f} MB\n", wall_s, peak_rss_mb());
}

} // namespace

int simulate_command(const simulate_options& options, std::ostream& out, std::ostream& err) {
  const auto start = std::chrono::steady_clock::now();
  simulation_setup setup{read_study(options.file, options.overrides), 1, options.workers};
  const study& s = setup.study;
  setup.trials = options.trials.value_or(number_of_trials(s));
  const auto came_to = options.journal.empty()
                           ? simulate_parametric(setup, options.curve)
                           : simulate_recorded(setup, options.trials, options.journal);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;

  fmt::print(err, "study {}: {} on {}, searcher {}, scheduler {}, curves {}, seed {}\n", s.name,
             count_text(came_to.results.trials.size(), "trial"),
             count_text(options.workers, "worker"),
             options.journal.empty() ? s.searcher.name : "none", s.scheduler.name,
             options.journal.empty() ? options.curve : "of " + options.journal, s.seed);
  const auto failed =
      std::ranges::count(came_to.results.trials, trial_state::failed, &trial_summary::state);
  if (failed > 0)
    fmt::print(err, "{} failed\n", count_text(static_cast<std::size_t>(failed), "trial"));
  if (came_to.trials_waiting > 0)
    fmt::print(err,
               "warning: {} would wait for ever: nothing runs, and the scheduler starts none\n",
               count_text(came_to.trials_waiting, "trial"));
  if (options.json)
    out << to_text(to_json(came_to, wall.count())) << '\n';
  else
    out << summary(came_to, wall.count());
  return came_to.results.best ? exit_code::done : exit_code::nothing_succeeded;
}

} // namespace troupe
