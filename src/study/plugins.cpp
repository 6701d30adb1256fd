#include "study/plugins.hpp"

#include "base/nearest.hpp"
#include "study/halving_options.hpp"
#include "study/population_options.hpp"
#include "study/pruner_options.hpp"
#include "study/searcher_options.hpp"
#include "study/stopper_options.hpp"
#include "study/wrapper_options.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace troupe {

namespace json = boost::json;

namespace {

json::object read_nothing(member_reader&) {
  return {};
}

bool always(const json::object&) {
  return true;
}

json::object read_median(member_reader& in) {
  auto time_attr = std::string{"time_total_s"};
  double grace_period = 60;
  std::uint64_t min_samples_required = 3;
  double min_time_slice = 0;
  bool hard_stop = true;
  in.read("time_attr", time_attr);
  in.read("grace_period", grace_period, at_least(0));
  in.read("min_samples_required", min_samples_required, 0);
  in.read("min_time_slice", min_time_slice, at_least(0));
  in.read("hard_stop", hard_stop);
  return {{"time_attr", time_attr},
          {"grace_period", plain_number(grace_period)},
          {"min_samples_required", min_samples_required},
          {"min_time_slice", plain_number(min_time_slice)},
          {"hard_stop", hard_stop}};
}

json::object read_tpe(member_reader& in) {
  std::uint32_t n_startup_trials = 10;
  std::uint32_t n_ei_candidates = 24;
  std::optional<bool> multivariate;
  bool group = false;
  bool constant_liar = true;
  double prior_weight = 1;
  bool consider_magic_clip = true;
  bool consider_endpoints = false;
  auto bandwidths = std::string{"neighbours"};
  in.read("n_startup_trials", n_startup_trials, 0);
  in.read("n_ei_candidates", n_ei_candidates, 1);
  if (bool given = true; in.read("multivariate", given)) multivariate = given;
  in.read("group", group);
  in.read("constant_liar", constant_liar);
  in.read("prior_weight", prior_weight, above(0));
  in.read("consider_magic_clip", consider_magic_clip);
  in.read("consider_endpoints", consider_endpoints);
  if (in.read("bandwidths", bandwidths) && bandwidths != "neighbours" && bandwidths != "shared")
    in.refuse("bandwidths", "must be \"neighbours\" or \"shared\"; found \"" + bandwidths + "\"");
  if (group && !multivariate.value_or(true))
    in.refuse("group", "needs multivariate to be true: groups are drawn jointly");
  json::object options{{"n_startup_trials", n_startup_trials},
                       {"n_ei_candidates", n_ei_candidates},
                       {"group", group},
                       {"constant_liar", constant_liar},
                       {"prior_weight", plain_number(prior_weight)},
                       {"consider_magic_clip", consider_magic_clip},
                       {"consider_endpoints", consider_endpoints},
                       {"bandwidths", bandwidths}};
  if (multivariate) options["multivariate"] = *multivariate;
  return options;
}

/// The schedulers that resource_changing can wrap: those that leave configurations alone.
constexpr auto bases =
    std::to_array<plugin>({{"hyperband", read_hyperband},
                           {"bohb", read_bohb_brackets},
                           {"median", read_median},
                           {"moasha", read_moasha},
                           {"optuna_median", read_optuna_median},
                           {"optuna_percentile", read_optuna_percentile},
                           {"optuna_successive_halving", read_optuna_successive_halving},
                           {"optuna_hyperband", read_optuna_hyperband},
                           {"wilcoxon", read_wilcoxon},
                           {"patient", read_patient},
                           {"threshold", read_threshold},
                           {"asha", read_asha},
                           {"fifo", read_nothing}});

void read_amount(member_reader& in, std::string_view key, json::object& out) {
  auto members = in.take_object(key, R"({"cpu": 1})");
  if (!members) return;
  json::object amount;
  for (const std::string_view name : {"cpu", "gpu"})
    if (double x = 0; members->read(name, x, at_least(0))) amount[name] = plain_number(x);
  members->refuse_others();
  out[key] = std::move(amount);
}

json::object read_resource_changing(member_reader& in) {
  named_options base{"fifo", {}};
  read_plugin(in, "base", bases, base);
  auto wrapped = json::object{{"name", base.name}};
  for (const auto& member : base.options)
    wrapped.insert(member);
  json::object out{{"base", std::move(wrapped)}};
  read_amount(in, "increase_by", out);
  double times = -1;
  if (in.read("increase_by_times", times) && times != -1 &&
      !(times >= 1 && std::trunc(times) == times))
    in.refuse("increase_by_times",
              "must be a whole number of at least 1, or -1 for no bound; found " +
                  to_text(plain_number(times)));
  out["increase_by_times"] = plain_number(times);
  read_amount(in, "reserve_resources", out);
  return out;
}

constexpr auto searchers = std::to_array<plugin>({
    {"bohb", read_bohb},
    {"cmaes", read_cmaes},
    {"gp", read_gp},
    {.name = "concurrency_limiter",
     .read_options = read_concurrency_limiter,
     .many_objectives = true},
    {.name = "grid",
     .read_options = read_nothing,
     .many_objectives = true,
     .needs_finite_space = true},
    {.name = "nsga2", .read_options = read_nsga2, .many_objectives = true},
    {.name = "repeater", .read_options = read_repeater, .many_objectives = true},
    {.name = "sobol", .read_options = read_sobol, .many_objectives = true},
    {.name = "tpe", .read_options = read_tpe, .many_objectives = true},
    {.name = "random", .read_options = read_random, .many_objectives = true},
});
constexpr auto schedulers = std::to_array<plugin>({
    {.name = "fifo", .read_options = read_nothing, .many_objectives = true},
    {"hyperband", read_hyperband, always},
    {"bohb", read_bohb_brackets, always},
    {"median", read_median},
    {.name = "moasha", .read_options = read_moasha, .many_objectives = true},
    {"optuna_median", read_optuna_median},
    {"optuna_percentile", read_optuna_percentile},
    {"optuna_successive_halving", read_optuna_successive_halving},
    {"optuna_hyperband", read_optuna_hyperband},
    {"wilcoxon", read_wilcoxon},
    {"patient", read_patient},
    {"threshold", read_threshold},
    {"pbt", read_pbt, always},
    {"pb2", read_pb2, always},
    {"resource_changing", read_resource_changing, always},
    {"pbt_replay", read_pbt_replay, always},
    {"asha", read_asha, is_promotion},
});

constexpr auto stoppers = std::to_array<plugin>({
    {"budget", read_budget},
    {"experiment_plateau", read_experiment_plateau},
    {"maximum_iteration", read_maximum_iteration},
    {"trial_plateau", read_trial_plateau},
    {"target", read_target},
});

} // namespace

std::span<const plugin> known_searchers() {
  return searchers;
}
std::span<const plugin> known_schedulers() {
  return schedulers;
}

std::span<const plugin> known_stoppers() {
  return stoppers;
}

namespace {

/// Reads the name and the options of one plugin; `kind` is what messages call it.
void read_named(member_reader& options, std::string_view kind, std::span<const plugin> known,
                std::initializer_list<std::string_view> misplaced, named_options& out) {
  options.require("name", "it says which " + std::string{kind});
  std::string name;
  if (!options.read("name", name)) return;
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const plugin& p) { return p.name == name; });
  if (found == known.end()) {
    std::vector<std::string_view> names;
    for (const auto& p : known)
      names.push_back(p.name);
    return options.refuse("name", "unknown " + std::string{kind} + " \"" + name + "\"; " +
                                      suggest_name(name, names));
  }
  out = {name, found->read_options(options)};
  for (const std::string_view key : misplaced)
    if (options.contains(key))
      options.refuse(key, "belongs at the top level of the study, where it holds for searcher "
                          "and scheduler alike");
  options.refuse_others(misplaced);
}

} // namespace

void read_plugin(member_reader& in, std::string_view key, std::span<const plugin> known,
                 named_options& out) {
  auto options = in.take_object(key, "{\"name\": \"" + std::string{known.back().name} + "\"}");
  if (options) read_named(*options, key, known, {"metric", "mode"}, out);
}

void read_plugins(member_reader& in, std::string_view key, std::span<const plugin> known,
                  std::vector<named_options>& out) {
  const auto example = "[{\"name\": \"" + std::string{known.back().name} + "\"}]";
  for (auto& options : in.take_objects(key, example)) {
    named_options one;
    read_named(options, key.substr(0, key.size() - 1), known, {}, one);
    if (!one.name.empty()) out.push_back(std::move(one));
  }
}

} // namespace troupe
