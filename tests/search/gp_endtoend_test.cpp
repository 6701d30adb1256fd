#include "search/gp/model.hpp"
#include "search/tpe_functions.hpp"
#include "search/tpe_kit.hpp"

using namespace troupe;
using troupe::tpe::real;
using troupe::tpe::text_of;
using troupe::tpe::vector_lines;

namespace {

constexpr gp::model::row_number trials = 50;
constexpr std::uint64_t seeds = 20; ///< A few: they leave the superiority uncertain by 0.15.
constexpr std::uint64_t first_seed = 100;

/// Returns the best value that a Gaussian process finds; a conditional dimension, the last of
/// `mixed`, is drawn at random.
double best_of(const test_function& f, std::uint64_t seed) {
  auto space = f.space;
  if (f.name == "mixed") space.pop_back();
  gp::model m{space, {}, seed};
  double best = std::numeric_limits<double>::infinity();
  for (gp::model::row_number n = 0; n < trials; ++n) {
    random_stream random{seed, n, "random"};
    point x;
    for (const auto& d : f.space)
      x.push_back(d.from_coordinate(random.uniform()));
    if (!m.starting_up()) {
      random_stream own{seed, n, "gp"};
      const auto suggested = m.suggest(own);
      std::copy(suggested.begin(), suggested.end(), x.begin());
    }
    m.start(n, {x.begin(), x.begin() + static_cast<std::ptrdiff_t>(space.size())});
    drop_inactive(f, x);
    const double value = f.value(x);
    best = std::min(best, value);
    m.finish(n, value);
  }
  return best;
}

/// Returns how likely a value of `ours` is less than one of `theirs`; equals count half.
double superiority(const std::vector<double>& ours, const std::vector<double>& theirs) {
  double wins = 0;
  for (const double a : ours)
    for (const double b : theirs)
      wins += a < b ? 1 : a == b ? 0.5 : 0;
  return wins / static_cast<double>(ours.size() * theirs.size());
}

} // namespace

TEST_CASE("gp finds values as good as Optuna 5 finds") {
  std::size_t compared = 0;
  const auto lines = vector_lines("endtoend.jsonl.gz");
  for (const auto& f : test_functions())
    for (const auto& line : lines) {
      if (text_of(line.at("function")) != f.name || text_of(line.at("sampler")) != "gp") continue;
      std::vector<double> theirs;
      for (const auto& run : line.at("best").as_array())
        theirs.push_back(real(run.as_array().back()));
      std::vector<double> ours;
      for (std::uint64_t i = 0; i < seeds; ++i)
        ours.push_back(best_of(f, first_seed + i));
      CAPTURE(f.name);
      CHECK(superiority(ours, theirs) >= 0.4);
      ++compared;
    }
  CHECK(compared == 5);
}
