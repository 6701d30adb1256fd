#include "study/population_check.hpp"

#include "base/nearest.hpp"
#include "base/path.hpp"
#include "search/schedulers/mutations.hpp"
#include "search/schedulers/parameter_bounds.hpp"
#include "search/schedulers/pbt_replay.hpp"
#include "search/schedulers/registry.hpp"
#include "search/schedulers/resource_changing.hpp"
#include "search/searchers/registry.hpp"
#include "search/space/space_order.hpp"
#include "search/space/variants.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view mutations_key = "hyperparam_mutations";
constexpr std::string_view bounds_key = "hyperparam_bounds";
constexpr std::string_view policy_key = "policy";

/// Returns the names of the searchers that learn from no results, and so from no wrong ones.
std::string blind_searchers() {
  std::string names;
  for (const auto& known : known_searchers())
    if (!known.learns && !known.wraps())
      names += (names.empty() ? "" : ", ") + std::string{known.about.name};
  return names;
}

void check_searcher(const study& s, fault_list& faults) {
  const auto scheduler = find_scheduler(s.scheduler.name);
  if (!scheduler || !scheduler->changes_configurations || !learns(s)) return;
  faults.add("searcher/name", "\"" + s.scheduler.name + "\" changes configurations while trials " +
                                  "run, so that \"" + s.searcher.name +
                                  "\" would learn from the wrong ones; those that do not learn: " +
                                  blind_searchers());
}

/// What a trial gets must be something that can be added.
void check_unit(const study& s, fault_list& faults) {
  const auto scheduler = find_scheduler(s.scheduler.name);
  if (!scheduler || !scheduler->shares_machine) return;
  for (const auto& [name, amount] : s.per_config)
    faults.add(join_path("resources", name),
               "must be a number, as \"" + s.scheduler.name + "\" shares out what trials need");
  if (auto problem = wrong_unit(s); !problem.empty())
    faults.add("scheduler/increase_by", std::move(problem));
}

/// `key` is the option that says to change the parameter at `path`.
void check_mutation(const study& s, std::string_view key, const std::string& path,
                    fault_list& faults) {
  const auto& all = s.space.entries();
  const auto in_file = join_path(join_path("scheduler", key), path);
  const auto found = std::ranges::find(all, path, &search_space::entry::path);
  if (found == all.end()) {
    std::vector<std::string_view> names(all.size());
    std::ranges::transform(all, names.begin(), &search_space::entry::path);
    return faults.add(in_file, "is not in the space; " + suggest_name(path, names));
  }
  const auto index = static_cast<std::size_t>(found - all.begin());
  const auto needs = order_of(s.space).needs;
  for (std::size_t i = 0; i < needs.size(); ++i)
    if (std::ranges::find(needs[i], index) != needs[i].end())
      return faults.add(in_file, "cannot change while a trial runs, as space/" + all[i].path +
                                     " depends on it");
}

/// Step `i` of a policy may name only what is in the space.
void check_step(const study& s, std::size_t i, const policy_step& step, fault_list& faults) {
  std::vector<point_problem> problems;
  values_of(s.space, step.changes, problems);
  const auto path =
      join_path(join_path(join_path("scheduler", policy_key), std::to_string(i)), "1");
  for (auto& p : problems)
    faults.add(join_path(path, p.path), std::move(p.problem));
}

} // namespace

void check_population(const study& s, fault_list& faults) {
  check_unit(s, faults);
  check_searcher(s, faults);
  std::vector<option_problem> said_already;
  const auto& options = s.scheduler.options;
  if (const auto* mutations = options.if_contains(mutations_key))
    for (const auto& m : read_mutations(*mutations, said_already))
      check_mutation(s, mutations_key, m.path, faults);
  if (const auto* bounds = options.if_contains(bounds_key))
    for (const auto& b : read_bounds(*bounds, said_already))
      check_mutation(s, bounds_key, b.path, faults);
  if (const auto* policy = options.if_contains(policy_key)) {
    const auto steps = read_policy(*policy, said_already);
    for (std::size_t i = 0; said_already.empty() && i < steps.size(); ++i)
      check_step(s, i, steps[i], faults);
  }
}

} // namespace troupe
