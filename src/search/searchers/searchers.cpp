#include "search/searchers/bohb_searcher.hpp"
#include "search/searchers/cmaes_searcher.hpp"
#include "search/searchers/concurrency_limiter.hpp"
#include "search/searchers/gp/searcher.hpp"
#include "search/searchers/grid_searcher.hpp"
#include "search/searchers/nsga2_searcher.hpp"
#include "search/searchers/random_searcher.hpp"
#include "search/searchers/repeater.hpp"
#include "search/searchers/sobol_searcher.hpp"
#include "search/searchers/tpe/searcher.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

namespace {

using maker = std::unique_ptr<searcher> (*)(const study&);

template <class Searcher>
std::unique_ptr<searcher> make(const study& s) {
  return std::make_unique<Searcher>(s);
}

struct known_searcher {
  std::string_view name;
  maker make;
};

constexpr known_searcher known_searchers[] = {
    {"random", make<random_searcher>},
    {"bohb", make<bohb_searcher>},
    {"cmaes", make<cmaes_searcher>},
    {"gp", make<gp_searcher>},
    {"concurrency_limiter", make<concurrency_limiter>},
    {"grid", make<grid_searcher>},
    {"nsga2", make<nsga2_searcher>},
    {"repeater", make<repeater>},
    {"sobol", make<sobol_searcher>},
    {"tpe", make<tpe_searcher>},
};

} // namespace

void searcher::recall(trial_number n, const config& c) {
  const auto suggested = suggest(n);
  const auto* same = std::get_if<config>(&suggested);
  if (!same || *same != c) adopt(n, c);
}

std::unique_ptr<searcher> make_searcher(const study& s) {
  for (const auto& known : known_searchers)
    if (known.name == s.searcher.name) return known.make(s);
  std::vector<std::string_view> names;
  for (const auto& known : known_searchers)
    names.push_back(known.name);
  throw std::invalid_argument{fmt::format("unknown searcher \"{}\"; known are {}", s.searcher.name,
                                          fmt::join(names, ", "))};
}

} // namespace troupe
