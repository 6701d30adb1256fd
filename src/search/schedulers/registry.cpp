#include "search/schedulers/registry.hpp"

#include "base/added_plugin.hpp"
#include "base/json.hpp"
#include "base/nearest.hpp"
#include "search/schedulers/added_scheduler.hpp"
#include "search/schedulers/asha.hpp"
#include "search/schedulers/asha_promotion.hpp"
#include "search/schedulers/bohb_scheduler.hpp"
#include "search/schedulers/fifo.hpp"
#include "search/schedulers/hyperband.hpp"
#include "search/schedulers/median.hpp"
#include "search/schedulers/moasha.hpp"
#include "search/schedulers/optuna_hyperband.hpp"
#include "search/schedulers/optuna_percentile.hpp"
#include "search/schedulers/optuna_successive_halving.hpp"
#include "search/schedulers/patient.hpp"
#include "search/schedulers/pb2.hpp"
#include "search/schedulers/pbt.hpp"
#include "search/schedulers/pbt_replay.hpp"
#include "search/schedulers/pruning_scheduler.hpp"
#include "search/schedulers/resource_changing.hpp"
#include "search/schedulers/threshold.hpp"
#include "search/schedulers/wilcoxon.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

template <class Scheduler>
std::unique_ptr<correctable_scheduler> make(const study& s) {
  return std::make_unique<Scheduler>(s);
}

std::unique_ptr<correctable_scheduler> make_asha(const study& s) {
  return asks_for_promotion(s.scheduler.options) ? make<asha_promotion>(s) : make<asha>(s);
}

bool always(const boost::json::object&) {
  return true;
}

constexpr known_scheduler all_schedulers[] = {
    {.about = fifo_plugin, .make = make<fifo>, .judges = false, .many_objectives = true},
    {.about = hyperband_plugin,
     .make = make<hyperband>,
     .must_pause = always,
     .plan = hyperband_brackets},
    {.about = bohb_scheduler_plugin,
     .make = make<bohb_scheduler>,
     .must_pause = always,
     .plan = bohb_brackets},
    {.about = median_plugin, .make = make<median>},
    {.about = moasha_plugin,
     .make = make<moasha>,
     .plan = moasha_brackets,
     .many_objectives = true},
    {.about = optuna_median_plugin, .make = make<pruning_scheduler>},
    {.about = optuna_percentile_plugin, .make = make<pruning_scheduler>},
    {.about = optuna_successive_halving_plugin, .make = make<pruning_scheduler>},
    {.about = optuna_hyperband_plugin, .make = make<pruning_scheduler>},
    {.about = wilcoxon_plugin, .make = make<pruning_scheduler>},
    {.about = patient_plugin, .make = make<pruning_scheduler>},
    {.about = threshold_plugin, .make = make<pruning_scheduler>},
    {.about = pbt_plugin, .make = make<pbt>, .must_pause = always, .changes_configurations = true},
    {.about = pb2_plugin, .make = make<pb2>, .must_pause = always, .changes_configurations = true},
    {.about = resource_changing_plugin,
     .make = make<resource_changing>,
     .must_pause = always,
     .shares_machine = true},
    {.about = pbt_replay_plugin,
     .make = make<pbt_replay>,
     .must_pause = always,
     .changes_configurations = true},
    {.about = asha_plugin,
     .make = make_asha,
     .must_pause = asks_for_promotion,
     .plan = asha_brackets},
};

using shelf = plugin_shelf<scheduler_plugin>;

shelf& added() {
  static shelf those;
  return those;
}

known_scheduler as_known(const shelf::added& a) {
  return {.about = a.plugin.about(),
          .must_pause = a.made.pauses ? always : nullptr,
          .judges = a.made.judges,
          .many_objectives = a.made.many_objectives};
}

const known_scheduler* find_own(std::string_view name) {
  const auto* const found = std::ranges::find_if(
      all_schedulers, [&](const known_scheduler& k) { return k.about.name == name; });
  return found == std::end(all_schedulers) ? nullptr : found;
}

} // namespace

std::vector<std::string> known_scheduler::traits() const {
  std::vector<std::string> words;
  if (!judges) words.emplace_back("stops no trial in favour of others");
  words.emplace_back(many_objectives ? "takes several metrics" : "takes one metric");
  if (plan) words.emplace_back("judges at times that are known beforehand");
  if (must_pause)
    words.emplace_back(must_pause({}) ? "needs a trainable with checkpoints"
                                      : "can need a trainable with checkpoints");
  if (changes_configurations)
    words.emplace_back("changes configurations, so needs a searcher that does not learn");
  if (shares_machine) words.emplace_back("shares out all that the study may use");
  return words;
}

void add_scheduler(scheduler_plugin p) {
  const bool taken = find_own(p.name) != nullptr;
  added().add(std::move(p), taken);
}

std::vector<known_scheduler> known_schedulers() {
  std::vector<known_scheduler> both;
  for (const auto* a : added().all())
    both.push_back(as_known(*a));
  for (const auto& own : all_schedulers)
    both.push_back(own);
  return both;
}

std::optional<known_scheduler> find_scheduler(std::string_view name) {
  if (const auto* own = find_own(name)) return *own;
  const auto* a = added().find(name);
  return a ? std::optional{as_known(*a)} : std::nullopt;
}

plugin_list scheduler_plugins() {
  plugin_list plugins;
  for (const auto& known : known_schedulers())
    plugins.push_back(&known.about);
  return plugins;
}

plugin_list wrappable_scheduler_plugins() {
  plugin_list plugins;
  for (const auto& known : known_schedulers())
    if (!known.changes_configurations && !known.shares_machine) plugins.push_back(&known.about);
  return plugins;
}

bool must_pause(const named_options& scheduler) {
  const auto known = find_scheduler(scheduler.name);
  return known && known->must_pause && known->must_pause(scheduler.options);
}

named_options judging_scheduler(const study& s) {
  const auto known = find_scheduler(s.scheduler.name);
  if (!known) return s.scheduler;
  for (const auto& o : known->about.options) {
    const auto* v =
        o.inner == wrappable_scheduler_plugins ? s.scheduler.options.if_contains(o.key) : nullptr;
    const auto* members = v ? v->if_object() : nullptr;
    const auto* name = members ? members->if_contains("name") : nullptr;
    if (name && name->is_string()) return {std::string{name->get_string()}, *members};
  }
  return s.scheduler;
}

std::string time_attribute(const study& s) {
  constexpr std::string_view key = "time_attr";
  const auto judge = judging_scheduler(s);
  if (const auto* given = judge.options.if_contains(key); given && given->is_string())
    return std::string{given->get_string()};
  if (const auto known = find_scheduler(judge.name))
    for (const auto& o : known->about.options)
      if (o.key == key) return std::string{parse_json(o.fallback).as_string()};
  return "training_iteration";
}

std::unique_ptr<correctable_scheduler> make_correctable_scheduler(const study& s) {
  if (const auto* own = find_own(s.scheduler.name)) return own->make(s);
  if (const auto* a = added().find(s.scheduler.name))
    return std::make_unique<added_scheduler>(s.scheduler.name,
                                             a->made.make(s, a->plugin.read(s.scheduler.options)));
  std::vector<std::string_view> names;
  for (const auto& known : known_schedulers())
    names.push_back(known.about.name);
  throw std::invalid_argument{"unknown scheduler \"" + s.scheduler.name + "\"; " +
                              suggest_name(s.scheduler.name, names)};
}

std::unique_ptr<scheduler> make_scheduler(const study& s) {
  return make_correctable_scheduler(s);
}

std::vector<planned_bracket> planned_brackets(const study& s) {
  const auto known = find_scheduler(s.scheduler.name);
  return known && known->plan ? known->plan(s) : std::vector<planned_bracket>{};
}

} // namespace troupe
