#include "study/plugin_check.hpp"

#include "base/path.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "search/space/parameter_error.hpp"
#include "search/space/space_walk.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace troupe {

namespace {

/// Returns the names of those for which `is_good` holds.
template <class Known, class Predicate>
std::string names_of(const Known& all, Predicate is_good) {
  std::string names;
  for (const auto& known : all)
    if (is_good(known)) names += (names.empty() ? "" : ", ") + std::string{known.about.name};
  return names;
}

std::string knows_one(const study& s, const std::string& name, const std::string& others) {
  return "\"" + name + "\" knows one metric, and the study has " +
         std::to_string(1 + s.further_objectives.size()) + "; those for several: " + others;
}

} // namespace

void check_objectives(const member_reader& in, const study& s, fault_list& faults) {
  if (s.further_objectives.empty()) return;
  const auto refuse = [&](const std::string& key, const std::string& problem) {
    faults.add(in.contains(split_first(key).first) ? join_path(key, "name") : key, problem);
  };
  const auto several = [](const auto& known) { return known.many_objectives; };
  std::string key = "searcher";
  for (const auto& one : searchers_of(s)) {
    const auto known = find_searcher(one.name);
    if (known && !known->many_objectives)
      refuse(key, knows_one(s, one.name, names_of(known_searchers(), several)));
    key = join_path(key, "searcher");
  }
  const auto known = find_scheduler(s.scheduler.name);
  if (known && !known->many_objectives)
    refuse("scheduler", knows_one(s, s.scheduler.name, names_of(known_schedulers(), several)));
}

void check_space(const study& s, fault_list& faults) {
  for (const auto& one : searchers_of(s)) {
    const auto known = find_searcher(one.name);
    if (known && known->needs_finite_space)
      for (auto& problem : endless_parameters(s.space))
        faults.add(join_path("space", problem.path), std::move(problem.problem));
    if (!known || known->takes_grids) continue;
    for (const auto& entry : s.space.entries())
      if (std::holds_alternative<grid_search>(entry.domain))
        faults.add(join_path("space", entry.path),
                   "searcher \"" + one.name +
                       "\" does not go through a grid_search; make it a choice, or take one that "
                       "does: " +
                       names_of(known_searchers(),
                                [](const auto& k) { return k.takes_grids && !k.wraps(); }));
  }
}

void check_making(const study& s, fault_list& faults) {
  const auto attempt = [&](std::string_view key, const auto& make) {
    try {
      make();
    } catch (const parameter_error& e) {
      faults.add(join_path("space", e.path), e.problem);
    } catch (const std::invalid_argument& e) {
      faults.add(key, e.what());
    }
  };
  // An expression that has no value at once never had one, as a rule.
  attempt("searcher", [&] { make_searcher(s)->suggest(0); });
  auto run = s; // A run says how much it may use, if the study does not.
  run.cpus = s.cpus.value_or(s.per_trial.cpu);
  run.gpus = s.gpus.value_or(s.per_trial.gpu);
  attempt("scheduler", [&] { make_scheduler(run); });
}

} // namespace troupe
