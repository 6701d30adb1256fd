#include "search/searchers/registry.hpp"

#include "base/added_plugin.hpp"
#include "base/nearest.hpp"
#include "search/searchers/bohb_searcher.hpp"
#include "search/searchers/cmaes_searcher.hpp"
#include "search/searchers/concurrency_limiter.hpp"
#include "search/searchers/gp/options.hpp"
#include "search/searchers/gp/searcher.hpp"
#include "search/searchers/grid_searcher.hpp"
#include "search/searchers/nsga2_searcher.hpp"
#include "search/searchers/random_searcher.hpp"
#include "search/searchers/repeater.hpp"
#include "search/searchers/sobol_searcher.hpp"
#include "search/searchers/tpe/options.hpp"
#include "search/searchers/tpe/searcher.hpp"
#include "search/searchers/wrapped_searcher.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

namespace troupe {

namespace {

template <class Searcher>
std::unique_ptr<searcher> make(const study& s) {
  return std::make_unique<Searcher>(s);
}

constexpr known_searcher all[] = {
    {.about = bohb_searcher_plugin, .make = make<bohb_searcher>},
    {.about = cmaes_plugin, .make = make<cmaes_searcher>},
    {.about = gp_plugin, .make = make<gp_searcher>},
    {.about = concurrency_limiter_plugin,
     .make = make<concurrency_limiter>,
     .learns = false,
     .many_objectives = true,
     .takes_grids = true},
    {.about = grid_plugin,
     .make = make<grid_searcher>,
     .learns = false,
     .many_objectives = true,
     .takes_grids = true,
     .needs_finite_space = true},
    {.about = nsga2_plugin, .make = make<nsga2_searcher>, .many_objectives = true},
    {.about = repeater_plugin,
     .make = make<repeater>,
     .learns = false,
     .many_objectives = true,
     .takes_grids = true},
    {.about = sobol_plugin, .make = make<sobol_searcher>, .learns = false, .many_objectives = true},
    {.about = tpe_plugin, .make = make<tpe_searcher>, .many_objectives = true},
    {.about = random_plugin,
     .make = make<random_searcher>,
     .learns = false,
     .many_objectives = true,
     .takes_grids = true},
};

using shelf = plugin_shelf<searcher_plugin>;

shelf& added() {
  static shelf those;
  return those;
}

known_searcher as_known(const shelf::added& a) {
  return {.about = a.plugin.about(),
          .learns = a.made.learns,
          .many_objectives = a.made.many_objectives,
          .takes_grids = a.made.takes_grids};
}

const known_searcher* find_own(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(all, [&](const known_searcher& k) { return k.about.name == name; });
  return found == std::end(all) ? nullptr : found;
}

} // namespace

bool known_searcher::wraps() const {
  return std::ranges::any_of(about.options,
                             [](const option& o) { return o.type == option_type::nested; });
}

std::vector<std::string> known_searcher::traits() const {
  std::vector<std::string> words{wraps()  ? "wraps another searcher, which decides the rest"
                                 : learns ? "learns from results"
                                          : "does not look at results"};
  if (!wraps()) {
    words.emplace_back(many_objectives ? "takes several metrics" : "takes one metric");
    words.emplace_back(takes_grids ? "goes through a grid_search" : "refuses a grid_search");
  }
  if (needs_finite_space) words.emplace_back("needs parameters with an end of values");
  return words;
}

void add_searcher(searcher_plugin p) {
  const bool taken = find_own(p.name) != nullptr;
  added().add(std::move(p), taken);
}

std::vector<known_searcher> known_searchers() {
  std::vector<known_searcher> both;
  for (const auto* a : added().all())
    both.push_back(as_known(*a));
  for (const auto& own : all)
    both.push_back(own);
  return both;
}

std::optional<known_searcher> find_searcher(std::string_view name) {
  if (const auto* own = find_own(name)) return *own;
  const auto* a = added().find(name);
  return a ? std::optional{as_known(*a)} : std::nullopt;
}

plugin_list searcher_plugins() {
  plugin_list plugins;
  for (const auto& known : known_searchers())
    plugins.push_back(&known.about);
  return plugins;
}

std::vector<named_options> searchers_of(const study& s) {
  std::vector<named_options> chain;
  for (auto next = std::optional{s.searcher}; next; next = wrapped_by(*next))
    chain.push_back(*next);
  return chain;
}

bool learns(const study& s) {
  return std::ranges::any_of(searchers_of(s), [](const named_options& one) {
    const auto known = find_searcher(one.name);
    return !known || known->learns;
  });
}

void searcher::recall(trial_number n, const config& c) {
  const auto suggested = suggest(n);
  const auto* same = std::get_if<config>(&suggested);
  if (!same || *same != c) adopt(n, c);
}

std::unique_ptr<searcher> make_searcher(const study& s) {
  if (const auto* own = find_own(s.searcher.name)) return own->make(s);
  if (const auto* a = added().find(s.searcher.name))
    return a->made.make(s, a->plugin.read(s.searcher.options));
  std::vector<std::string_view> names;
  for (const auto& known : known_searchers())
    names.push_back(known.about.name);
  throw std::invalid_argument{"unknown searcher \"" + s.searcher.name + "\"; " +
                              suggest_name(s.searcher.name, names)};
}

} // namespace troupe
