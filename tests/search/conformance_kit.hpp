#pragma once

#include "base/json.hpp"
#include "search/searchers/registry.hpp"
#include "search/space/space_sampler.hpp"
#include "search/space_maker.hpp"

#include <troupe/random.hpp>
#include <troupe/searcher.hpp>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Options with which a searcher shows all that it can do within a few trials. Others have none.
inline std::vector<std::string> options_of(std::string_view name) {
  static const std::map<std::string_view, std::vector<std::string>> known{
      {"bohb", {"{}", R"({"random_fraction": 0, "num_samples": 8})"}},
      {"cmaes",
       {"{}", R"({"popsize": 4, "with_margin": true})",
        R"({"popsize": 4, "use_separable_cma": true})", R"({"popsize": 4, "lr_adapt": true})"}},
      {"concurrency_limiter",
       {R"({"searcher": {"name": "random"}, "max_concurrent": 3})",
        R"({"searcher": {"name": "tpe", "n_startup_trials": 3}, "max_concurrent": 2,
            "batch": true})",
        R"({"searcher": {"name": "concurrency_limiter", "max_concurrent": 2,
            "searcher": {"name": "random"}}, "max_concurrent": 3, "batch": true})"}},
      {"nsga2", {R"({"population_size": 5})", R"({"population_size": 2, "mutation_prob": 0})"}},
      {"random", {"{}", R"({"avoid_duplicates": true})"}},
      {"repeater",
       {R"({"searcher": {"name": "tpe", "n_startup_trials": 3}, "repeat": 3})",
        R"({"searcher": {"name": "nsga2", "population_size": 3}, "repeat": 2,
            "set_index": false})"}},
      {"sobol", {"{}", R"({"scramble": true})"}},
      {"tpe",
       {R"({"n_startup_trials": 4})", R"({"n_startup_trials": 4, "multivariate": false})",
        R"({"n_startup_trials": 4, "group": true, "constant_liar": false})"}}};
  const auto found = known.find(name);
  return found == known.end() ? std::vector<std::string>{"{}"} : found->second;
}

/// Returns a study of any kind that the searcher can have.
inline study make_study(const known_searcher& searcher, const std::string& options,
                        random_stream& random) {
  const auto coin = [&] { return random.below(2) == 0; };
  const auto mode = [&] { return coin() ? direction::min : direction::max; };
  study s;
  s.metric = "loss";
  s.mode = mode();
  if (searcher.many_objectives && coin()) s.further_objectives = {{"cost", mode()}};
  if (coin()) s.constraints = {"over"};
  s.searcher = {std::string{searcher.about.name}, boost::json::parse(options).get_object()};
  s.space = space_maker{random, searcher.needs_finite_space || random.below(4) == 0}.make();
  s.seed = random();
  for (auto points = random.below(3); points > 0; --points) {
    auto point = sample(s.space, random(), 0);
    if (!point.empty() && coin()) point.erase(point.begin()); // in part
    s.points_to_evaluate.push_back(std::move(point));
  }
  return s;
}

/// Returns why `c` is not a configuration of the space; empty if it is one.
inline std::string wrong(const search_space& space, config c) {
  c.erase("__trial_index__");
  space_values values(space.entries().size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& [path, law, when] = space.entries()[i];
    if (const auto* v = find(c, path)) values[i] = *v;
    const bool belongs = std::all_of(when.begin(), when.end(), [&](const condition& one) {
      const auto* v = find(c, one.path);
      return v && std::any_of(one.values.begin(), one.values.end(),
                              [&](const auto& value) { return same_value(value, *v); });
    });
    if (belongs != values[i].has_value()) return path + (belongs ? " is absent" : " is too much");
    if (belongs && !contains(law, *values[i])) return path + " is outside";
  }
  return space_sampler{space}.assemble(values) == c ? "" : "something else is there";
}

inline std::string text_of(const suggestion& s) {
  if (std::holds_alternative<not_now>(s)) return "not now";
  if (std::holds_alternative<exhausted>(s)) return "exhausted";
  return to_text(std::get<config>(s));
}

} // namespace troupe
