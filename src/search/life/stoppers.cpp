#include "search/life/stoppers.hpp"

#include "base/nearest.hpp"
#include "base/option_values.hpp"
#include "search/life/limit_stoppers.hpp"
#include "search/life/plateau_stoppers.hpp"

#include <stdexcept>
#include <string_view>

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

} // namespace

plugin_list stopper_plugins() {
  plugin_list plugins;
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
  throw std::invalid_argument{"unknown stopper \"" + given.name + "\"; " +
                              suggest_name(given.name, names)};
}

} // namespace troupe
