#include "search/schedulers/optuna_hyperband.hpp"
#include "search/schedulers/optuna_percentile.hpp"
#include "search/schedulers/optuna_successive_halving.hpp"
#include "search/schedulers/patient.hpp"
#include "search/schedulers/pruning_rule.hpp"
#include "search/schedulers/threshold.hpp"
#include "search/schedulers/wilcoxon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace troupe {

namespace {

using maker = std::unique_ptr<pruning_rule> (*)(std::string_view, const boost::json::object&,
                                                const rule_context&);

template <class Rule>
std::unique_ptr<pruning_rule> make(std::string_view name, const boost::json::object& options,
                                   const rule_context& context) {
  return std::make_unique<Rule>(name, options, context);
}

struct known_rule {
  std::string_view name;
  maker make;
};

constexpr known_rule known_rules[] = {
    {"optuna_median", make<optuna_percentile>},
    {"optuna_percentile", make<optuna_percentile>},
    {"optuna_successive_halving", make<optuna_successive_halving>},
    {"optuna_hyperband", make<optuna_hyperband>},
    {"wilcoxon", make<wilcoxon>},
    {"patient", make<patient>},
    {"threshold", make<threshold>},
};

const known_rule* find_rule(std::string_view name) {
  const auto* const found = std::find_if(std::begin(known_rules), std::end(known_rules),
                                         [&](const known_rule& r) { return r.name == name; });
  return found == std::end(known_rules) ? nullptr : found;
}

} // namespace

bool is_pruning_rule(std::string_view name) {
  return find_rule(name) != nullptr;
}

std::unique_ptr<pruning_rule> make_pruning_rule(std::string_view name,
                                                const boost::json::object& options,
                                                const rule_context& context) {
  if (const auto* rule = find_rule(name)) return rule->make(name, options, context);
  throw std::invalid_argument{fmt::format("unknown pruning rule \"{}\"", name)};
}

} // namespace troupe
