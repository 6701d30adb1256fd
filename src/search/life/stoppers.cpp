#include "search/life/stoppers.hpp"

#include "base/added_plugin.hpp"
#include "base/nearest.hpp"
#include "base/option_values.hpp"
#include "search/life/limit_stoppers.hpp"
#include "search/life/plateau_stoppers.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

struct known_stopper {
  const plugin& about;
  std::unique_ptr<stopper> (*make)(const option_values&, const study&);
};

constexpr known_stopper all[] = {
    {budget_plugin, make_budget},
    {experiment_plateau_plugin, make_experiment_plateau},
    {maximum_iteration_plugin, make_maximum_iteration},
    {trial_plateau_plugin, make_trial_plateau},
    {target_plugin, make_target},
};

using shelf = plugin_shelf<stopper_plugin>;

shelf& added() {
  static shelf those;
  return those;
}

} // namespace

void add_stopper(stopper_plugin p) {
  const bool taken =
      std::ranges::any_of(all, [&](const known_stopper& k) { return k.about.name == p.name; });
  added().add(std::move(p), taken);
}

plugin_list stopper_plugins() {
  plugin_list plugins;
  for (const auto* a : added().all())
    plugins.push_back(&a->plugin.about());
  for (const auto& known : all)
    plugins.push_back(&known.about);
  return plugins;
}

std::unique_ptr<stopper> make_stopper(const named_options& given, const study& s) {
  std::vector<std::string_view> names;
  for (const auto& known : all) {
    if (known.about.name == given.name)
      return known.make(option_values::of(known.about, given.options), s);
    names.push_back(known.about.name);
  }
  if (const auto* a = added().find(given.name))
    return a->made.make(s, a->plugin.read(given.options));
  for (const auto* a : added().all())
    names.push_back(a->plugin.about().name);
  throw std::invalid_argument{"unknown stopper \"" + given.name + "\"; " +
                              suggest_name(given.name, names)};
}

} // namespace troupe
