#include "search/schedulers/optuna_hyperband.hpp"
#include "search/schedulers/optuna_percentile.hpp"
#include "search/schedulers/optuna_successive_halving.hpp"
#include "search/schedulers/patient.hpp"
#include "search/schedulers/pruning_rule.hpp"
#include "search/schedulers/threshold.hpp"
#include "search/schedulers/wilcoxon.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace troupe {

namespace {

struct known_rule {
  const plugin& about;
  std::unique_ptr<pruning_rule> (*make)(const plugin&, const boost::json::object&,
                                        const rule_context&);
};

template <class Rule>
std::unique_ptr<pruning_rule> make(const plugin& about, const boost::json::object& options,
                                   const rule_context& context) {
  return std::make_unique<Rule>(about, options, context);
}

constexpr known_rule all_rules[] = {
    {optuna_percentile_plugin, make<optuna_percentile>},
    {optuna_successive_halving_plugin, make<optuna_successive_halving>},
    {optuna_hyperband_plugin, make<optuna_hyperband>},
    {wilcoxon_plugin, make<wilcoxon>},
    {patient_plugin, make<patient>},
    {threshold_plugin, make<threshold>},
    {optuna_median_plugin, make<optuna_percentile>},
};

} // namespace

plugin_list pruning_rule_plugins() {
  plugin_list plugins;
  for (const auto& known : all_rules)
    plugins.push_back(&known.about);
  return plugins;
}

std::unique_ptr<pruning_rule> make_pruning_rule(std::string_view name,
                                                const boost::json::object& options,
                                                const rule_context& context) {
  for (const auto& known : all_rules)
    if (known.about.name == name) return known.make(known.about, options, context);
  throw std::invalid_argument{fmt::format("unknown pruning rule \"{}\"", name)};
}

} // namespace troupe
