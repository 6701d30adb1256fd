#pragma once

#include "search/searchers/random_searcher.hpp"
#include "search/simulation/parametric_curves.hpp"
#include "search/simulation/simulate.hpp"

#include <boost/json/parse.hpp>

#include <string>
#include <string_view>

namespace troupe {

/// A study over four parameters, the first of them like a learning rate, with a scheduler.
inline study simulated_study(std::string_view scheduler, std::string_view options = "{}") {
  study s;
  s.metric = "loss";
  s.space.add("lr", loguniform{1e-5, 1})
      .add("momentum", uniform{0, 0.99})
      .add("optimizer", choice{{"sgd", "adam", "lion"}})
      .add("width", lograndint{16, 1025});
  s.scheduler = {std::string{scheduler},
                 boost::json::parse({options.data(), options.size()}).get_object()};
  return s;
}

/// Simulates `s` with random search on curves of family `curve`.
inline simulation simulate_random(const study& s, std::uint64_t trials, std::uint32_t workers,
                                  std::string_view curve) {
  const auto decides = make_correctable_scheduler(s);
  random_searcher suggests{s};
  return simulate({s, trials, workers}, *decides, suggests, *make_parametric_curve(curve, s));
}

} // namespace troupe
