#include "study/population_options.hpp"

#include "base/nearest.hpp"
#include "base/path.hpp"
#include "search/schedulers/mutations.hpp"
#include "search/schedulers/parameter_bounds.hpp"
#include "search/schedulers/pbt_replay.hpp"
#include "search/space/space_order.hpp"
#include "search/space/variants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view mutations_key = "hyperparam_mutations";
constexpr std::string_view bounds_key = "hyperparam_bounds";
constexpr std::string_view policy_key = "policy";

/// Searchers that do not learn from results, and so from no wrong ones.
constexpr auto blind_searchers = std::to_array<std::string_view>({"random", "sobol"});

/// Reads a number from 0 to `most`.
void read_part(member_reader& in, std::string_view key, double value, double most,
               json::object& out) {
  if (in.read(key, value) && !(value >= 0 && value <= most))
    in.refuse(key, "must be a number from 0 to " + to_text(plain_number(most)) + "; found " +
                       to_text(plain_number(value)));
  out[key] = plain_number(value);
}

void read_number(member_reader& in, std::string_view key, double value, lower_bound bound,
                 json::object& out) {
  in.read(key, value, bound);
  out[key] = plain_number(value);
}

void read_mutations(member_reader& in, json::object& out) {
  in.require(mutations_key, R"(it says what to change, as in {"lr": {"loguniform": [1e-4, 1]}})");
  const auto* v = in.take(mutations_key);
  if (!v) return;
  std::vector<option_problem> problems;
  read_mutations(*v, problems);
  for (auto& p : problems)
    in.refuse(p.path, std::move(p.problem));
  out[mutations_key] = *v;
}

void read_bounds(member_reader& in, json::object& out) {
  in.require(bounds_key, R"(it says what to change, as in {"lr": [1e-4, 0.1]})");
  const auto* v = in.take(bounds_key);
  if (!v) return;
  std::vector<option_problem> problems;
  read_bounds(*v, problems);
  for (auto& p : problems)
    in.refuse(p.path, std::move(p.problem));
  out[bounds_key] = *v;
}

void read_times(member_reader& in, json::object& out) {
  auto time_attr = std::string{"time_total_s"};
  in.read("time_attr", time_attr);
  out["time_attr"] = time_attr;
  read_number(in, "perturbation_interval", 60, above(0), out);
  read_number(in, "burn_in_period", 0, at_least(0), out);
}

void read_truths(member_reader& in, json::object& out) {
  bool require_attrs = true;
  bool synch = false;
  in.read("require_attrs", require_attrs);
  in.read("synch", synch);
  out["require_attrs"] = require_attrs;
  out["synch"] = synch;
}

void read_factors(member_reader& in, json::object& out) {
  constexpr std::string_view key = "perturbation_factors";
  out[key] = json::array{1.2, 0.8};
  const auto* v = in.take(key);
  if (!v) return;
  const auto* list = v->if_array();
  const auto is_number = [](const json::value& x) { return x.is_number(); };
  if (!list || list->empty() || !std::ranges::all_of(*list, is_number))
    return in.refuse(key, "must be a list of numbers, as in [1.2, 0.8]; found " + describe(*v));
  out[key] = *v;
}

void check_searcher(const study& s, fault_list& faults) {
  if (std::ranges::find(blind_searchers, s.searcher.name) != blind_searchers.end()) return;
  faults.add("searcher/name", "\"" + s.scheduler.name + "\" changes configurations while trials " +
                                  "run, so that \"" + s.searcher.name +
                                  "\" would learn from the wrong ones; use random or sobol");
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

/// GPUs can be added to whole ones only.
void check_unit(const study& s, fault_list& faults) {
  if (s.scheduler.name != "resource_changing") return;
  const auto* unit = s.scheduler.options.if_contains("increase_by");
  const auto part = [unit](std::string_view name, double otherwise) {
    const auto* x = unit ? unit->get_object().if_contains(name) : nullptr;
    return x ? x->to_number<double>() : unit ? 0 : otherwise;
  };
  const double gpu = part("gpu", s.per_trial.gpu > 0 ? 1 : 0);
  if (gpu == 0 && part("cpu", 1) == 0)
    faults.add("scheduler/increase_by", "must be more than nothing");
  if (gpu > 0 && (std::trunc(gpu) != gpu || std::trunc(s.per_trial.gpu) != s.per_trial.gpu))
    faults.add("scheduler/increase_by", "needs whole GPUs, here and in the study's resources");
}

} // namespace

json::object read_pbt(member_reader& in) {
  json::object out;
  read_times(in, out);
  read_mutations(in, out);
  read_part(in, "quantile_fraction", 0.25, 0.5, out);
  read_part(in, "resample_probability", 0.25, 1, out);
  read_factors(in, out);
  read_truths(in, out);
  return out;
}

json::object read_pb2(member_reader& in) {
  json::object out;
  read_times(in, out);
  read_bounds(in, out);
  read_part(in, "quantile_fraction", 0.25, 0.5, out);
  read_truths(in, out);
  return out;
}

json::object read_pbt_replay(member_reader& in) {
  in.require(policy_key, R"(it says what to change when, as in [[10, {"lr": 0.1}]])");
  const auto* v = in.take(policy_key);
  if (!v) return {};
  std::vector<option_problem> problems;
  read_policy(*v, problems);
  for (auto& p : problems)
    in.refuse(p.path, std::move(p.problem));
  return {{policy_key, *v}};
}

void check_population(const study& s, fault_list& faults) {
  check_unit(s, faults);
  std::vector<option_problem> said_already;
  const auto& options = s.scheduler.options;
  if (const auto* mutations = options.if_contains(mutations_key)) {
    check_searcher(s, faults);
    for (const auto& m : read_mutations(*mutations, said_already))
      check_mutation(s, mutations_key, m.path, faults);
  }
  if (const auto* bounds = options.if_contains(bounds_key)) {
    check_searcher(s, faults);
    for (const auto& b : read_bounds(*bounds, said_already))
      check_mutation(s, bounds_key, b.path, faults);
  }
  if (const auto* policy = options.if_contains(policy_key)) {
    check_searcher(s, faults);
    const auto steps = read_policy(*policy, said_already);
    for (std::size_t i = 0; said_already.empty() && i < steps.size(); ++i)
      check_step(s, i, steps[i], faults);
  }
}

} // namespace troupe
