#include "sanitized.hpp"
#include "search/tpe_kit.hpp"

#include <map>
#include <numeric>

using namespace troupe;
using namespace troupe::tpe;

namespace {

constexpr std::size_t draws = 10'000; ///< Ours.
constexpr double recorded = 20'000;   ///< Optuna's.
using columns = std::vector<std::vector<double>>;

/// Returns suggestions for the next trial, a column per parameter.
columns suggestions(model& m, std::size_t parameters, row_number next) {
  columns all(parameters);
  for (std::size_t i = 0; i < draws; ++i) {
    random_stream random{i, next, "tpe"};
    const auto values = m.suggest(random);
    for (std::size_t p = 0; p < parameters; ++p)
      all[p].push_back(values[p]);
  }
  return all;
}

/// Checks that two distribution functions agree at the recorded quantiles, at level 1e-4
/// (Kolmogorov and Smirnov).
void check_quantiles(std::vector<double> sample, const std::vector<double>& quantiles) {
  std::sort(sample.begin(), sample.end());
  const auto share = [&](auto bound) {
    return static_cast<double>(bound - sample.begin()) / static_cast<double>(draws);
  };
  const double tolerance = 2.23 * std::sqrt(1 / recorded + 1.0 / draws);
  REQUIRE(quantiles.size() == 99);
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const double rounding = 1e-12 * std::abs(quantiles[i]);
    const double level = static_cast<double>(i + 1) / 100;
    CHECK(share(std::lower_bound(sample.begin(), sample.end(), quantiles[i] - rounding)) <=
          level + tolerance);
    CHECK(share(std::upper_bound(sample.begin(), sample.end(), quantiles[i] + rounding)) >=
          level - tolerance);
  }
}

/// The value that chi-square exceeds with probability 1e-4 (Wilson and Hilferty).
double critical_chi_square(double freedom) {
  const double part = 2 / (9 * freedom);
  return freedom * std::pow(1 - part + 3.719 * std::sqrt(part), 3);
}

/// Checks that our counts `a` and the recorded ones have the same shares; rare values count
/// together.
void check_counts(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  constexpr double scale = recorded / static_cast<double>(draws);
  double chi_square = 0;
  double freedom = -1;
  double rare_a = 0;
  double rare_b = 0;
  const auto add = [&](double x, double y) {
    const double difference = std::sqrt(scale) * x - y / std::sqrt(scale);
    chi_square += difference * difference / (x + y);
    ++freedom;
  };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] + b[i] >= 10) {
      add(a[i], b[i]);
    } else {
      rare_a += a[i];
      rare_b += b[i];
    }
  }
  if (rare_a + rare_b >= 10) add(rare_a, rare_b);
  if (freedom > 0) CHECK(chi_square <= critical_chi_square(freedom));
}

std::vector<double> counts_of(const std::vector<double>& sample,
                              const std::vector<double>& values) {
  std::vector<double> counts(values.size());
  for (const double x : sample) {
    const auto found = std::find_if(values.begin(), values.end(), [&](double v) {
      return std::abs(v - x) <= 1e-9 * std::max(1.0, std::abs(v));
    });
    if (found != values.end()) ++counts[static_cast<std::size_t>(found - values.begin())];
  }
  return counts;
}

void check_parameter(const std::vector<double>& sample, const dimension& d, const value& wanted) {
  const auto& fields = wanted.as_object();
  if (d.categorical()) {
    std::vector<double> choices(d.choices);
    std::iota(choices.begin(), choices.end(), 0.0);
    return check_counts(counts_of(sample, choices), reals(wanted.at("counts")));
  }
  check_quantiles(sample, reals(wanted.at("quantiles")));
  if (fields.contains("values"))
    check_counts(counts_of(sample, reals(wanted.at("values"))), reals(wanted.at("counts")));
}

/// Returns the ranks of a sample, minus their mean; equals share the mean of theirs.
std::vector<double> ranks(const std::vector<double>& sample) {
  std::map<double, double> count;
  for (const double x : sample)
    ++count[x];
  double before = 0;
  for (auto& [x, n] : count) {
    const double first = before;
    before += n;
    n = 0.5 * (first + before - static_cast<double>(sample.size()));
  }
  std::vector<double> all;
  for (const double x : sample)
    all.push_back(count[x]);
  return all;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto product = [](const auto& x, const auto& y) {
    return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
  };
  return product(a, b) / std::sqrt(product(a, a) * product(b, b));
}

/// Checks what the joint draws have together: the winners' log l - log g, and rank correlations.
void check_joint(model& m, const columns& sample, const recorded_history& history,
                 const value& wanted) {
  auto& group = m.groups().front();
  point_set points{group.parameters.size(), draws};
  for (std::size_t i = 0; i < group.parameters.size(); ++i)
    std::copy(sample[group.parameters[i]].begin(), sample[group.parameters[i]].end(),
              points.row(i));
  auto acquisition = group.below.compile(m.table()).log_density(points);
  const auto g = group.above.compile(m.table()).log_density(points);
  for (std::size_t i = 0; i < draws; ++i)
    acquisition[i] -= g[i];
  const auto quantiles = reals(wanted.at("acq_quantiles"));
  check_quantiles(acquisition, quantiles);

  const auto& params = history.places_of(wanted.at("rank_corr_params"));
  columns ranked;
  for (const std::size_t p : params)
    ranked.push_back(ranks(sample[p]));
  for (std::size_t i = 0; i < params.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK(std::abs(correlation(ranked[i], ranked[j]) -
                     real(wanted.at("rank_corr").at(i).at(j))) <= 0.03);
}

} // namespace

TEST_CASE("TPE suggests with the same distribution as Optuna 5" * doctest::skip(sanitized)) {
  std::size_t cases = 0;
  for (const auto& line : recorded_lines("tpe_suggest")) {
    const recorded_history history{line};
    CAPTURE(text_of(line.at("case")));
    tpe_options options;
    if (!line.at("multivariate").is_null())
      options.multivariate = line.at("multivariate").as_bool();
    auto m = history.replay(options);
    if (text_of(line.at("case")) == "startup") {
      CHECK(m.starting_up());
      continue;
    }
    ++cases;
    CHECK_FALSE(m.starting_up());
    const auto sample =
        suggestions(m, history.names.size(), static_cast<row_number>(history.trials().size()));
    for (const auto& [name, wanted] : line.at("params").as_object()) {
      CAPTURE(std::string{name});
      const std::size_t p = history.place_of(name);
      check_parameter(sample[p], history.dimensions[p], wanted);
    }
    const auto* joint = line.as_object().if_contains("joint");
    if (joint && joint->is_object()) check_joint(m, sample, history, *joint);
  }
  CHECK(cases == 8);
}
