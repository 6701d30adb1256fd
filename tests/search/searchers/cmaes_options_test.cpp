#include "search/searchers/cmaes_options.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace troupe;
namespace json = boost::json;

TEST_CASE("cmaes refuses options that are unknown, wrong or exclude each other") {
  const auto refused = [](json::object options) {
    try {
      read_cmaes_options(options);
      return std::string{};
    } catch (const std::invalid_argument& e) {
      return std::string{e.what()};
    }
  };
  CHECK(refused({{"popsize", 2}, {"sigma0", 0.3}, {"lr_adapt", true}}).empty());
  CHECK(refused({{"sigma", 1}}) == R"(cmaes: sigma: unknown key; did you mean "sigma0"?)");
  CHECK(refused({{"sigma0", 0}}) == "cmaes: sigma0: must be a number above 0; found 0");
  CHECK(refused({{"popsize", 1}}) ==
        "cmaes: popsize: must be a whole number of at least 2; found 1");
  CHECK(refused({{"n_startup_trials", -1}}) ==
        "cmaes: n_startup_trials: must be a whole number of at least 0; found -1");
  CHECK(refused({{"lr_adapt", 1}}) == "cmaes: lr_adapt: must be true or false; found 1");
  CHECK(refused({{"source_trials", {{{"params", 1}, {"value", 2}}}}}) ==
        R"(cmaes: source_trials: must have trials of the form {"params": {"lr": 0.1}, "value": )"
        R"(0.5}; found {"params": 1, "value": 2})");
  CHECK(refused({{"lr_adapt", true}, {"with_margin", true}}) ==
        "cmaes: lr_adapt: lr_adapt goes with neither use_separable_cma nor with_margin");
  CHECK(refused({{"use_separable_cma", true}, {"with_margin", true}}) ==
        "cmaes: with_margin: use_separable_cma and with_margin exclude each other");
  const json::array source = {{{"params", json::object{}}, {"value", 2}}};
  CHECK(refused({{"source_trials", source}, {"sigma0", 1}}) ==
        "cmaes: source_trials: source_trials say how wide to start: they do not go with sigma0");
  CHECK(refused({{"source_trials", source}, {"use_separable_cma", true}}) ==
        "cmaes: source_trials: source_trials give a full covariance: they do not go with "
        "use_separable_cma");
}
