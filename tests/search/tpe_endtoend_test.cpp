#include "search/tpe_functions.hpp"
#include "search/tpe_kit.hpp"

using namespace troupe;
using namespace troupe::tpe;

namespace {

constexpr row_number trials = 100;
constexpr std::uint64_t seeds = 200;

/// Returns the best value that TPE finds.
double best_of(const test_function& f, const tpe_options& options, std::uint64_t seed) {
  model m{f.space, options};
  model blank{f.space, options}; // its densities are the priors: it draws at random
  double best = std::numeric_limits<double>::infinity();
  for (row_number n = 0; n < trials; ++n) {
    random_stream random{seed, n, "tpe"};
    auto x = (m.starting_up() ? blank : m).suggest(random);
    drop_inactive(f, x);
    const double value = f.value(x);
    best = std::min(best, value);
    m.start(n, x);
    m.finish(completed(n, value));
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

/// Checks that the 90 % interval of our superiority does not reach below 0.4.
void check_function(const test_function& f, const tpe_options& options, const value& recorded) {
  std::vector<double> theirs;
  for (const auto& run : recorded.at("best").as_array())
    theirs.push_back(real(run.as_array().back()));
  std::vector<double> ours;
  for (std::uint64_t seed = 0; seed < seeds; ++seed)
    ours.push_back(best_of(f, options, seed));
  const auto n = static_cast<double>(seeds);
  const double half_width = 1.645 * std::sqrt((2 * n + 1) / (12 * n * n));
  const double a12 = superiority(ours, theirs);
  INFO("superiority " << a12);
  CHECK(a12 - half_width >= 0.4);
}

} // namespace

TEST_CASE("TPE finds values as good as Optuna 5 finds") {
  std::size_t compared = 0;
  const auto lines = vector_lines("endtoend.jsonl.gz");
  for (const auto& f : test_functions())
    for (const auto& line : lines) {
      const auto sampler = text_of(line.at("sampler"));
      const bool is_mixed = f.name == "mixed";
      const bool joint = sampler == (is_mixed ? "tpe_stable_ties" : "tpe");
      const bool univariate = is_mixed && sampler == "tpe_univariate";
      if (text_of(line.at("function")) != f.name || (!joint && !univariate)) continue;
      CAPTURE(f.name);
      CAPTURE(sampler);
      tpe_options options;
      options.multivariate = joint;
      check_function(f, options, line);
      ++compared;
    }
  CHECK(compared == 6);
}
