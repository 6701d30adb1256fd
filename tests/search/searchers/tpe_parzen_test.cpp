#include "search/tpe_kit.hpp"

#include <numeric>

using namespace troupe;
using namespace troupe::tpe;

namespace {

/// Returns the largest difference, relative to numbers above 1.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) // equal infinities differ by NaN
      largest = std::max(largest, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(b[i])));
  return largest;
}

observations table_of(const recorded_history& history, bool joint) {
  observations table{history.dimensions};
  for (const auto& trial : history.trials())
    table.set(static_cast<row_number>(trial.at("number").as_int64()),
              history.values_of(trial, joint));
  return table;
}

/// Returns the set of these trials, made the hard way: trials that come in no order, and some that
/// come and go.
kernel_set made(const observations& table, const std::vector<std::size_t>& dims,
                const std::vector<row_number>& members, const std::vector<row_number>& others) {
  kernel_set set{table, dims, {}};
  for (const row_number r : others)
    set.insert(table, r);
  const std::size_t step = members.size() % 7 == 0 ? 1 : 7;
  for (std::size_t i = 0; i < members.size(); ++i)
    set.insert(table, members[i * step % members.size()]);
  for (const row_number r : others)
    set.erase(table, r);
  return set;
}

void check_kernels(const mixture& m, const recorded_history& history, const value& expected,
                   const std::vector<std::size_t>& dims) {
  CHECK(difference(m.weights, reals(expected.at("weights"))) <= 1e-12);
  for (std::size_t c = 0; c < dims.size(); ++c) {
    const auto& column = m.columns[c];
    const auto& wanted = expected.at("dims").at(history.names[dims[c]]);
    if (column.dimension.categorical()) {
      for (std::size_t k = 0; k < m.size(); ++k) {
        std::vector<double> row;
        for (std::size_t choice = 0; choice < column.dimension.choices; ++choice)
          row.push_back(m.share(column, column.kind[k], choice));
        CHECK(difference(row, reals(wanted.at("rows").at(k))) <= 1e-12);
      }
      continue;
    }
    std::vector<double> mu;
    std::vector<double> sigma;
    for (std::size_t k = 0; k < m.size(); ++k) {
      mu.push_back(m.mu(column, k));
      sigma.push_back(m.sigma(column, k));
      if (column.kind.empty()) continue;
      CHECK(column.kind_mu[column.kind[k]] == mu.back());
      CHECK(column.kind_sigma[column.kind[k]] == sigma.back());
    }
    CHECK(difference(mu, reals(wanted.at("mu"))) <= 1e-12);
    CHECK(difference(sigma, reals(wanted.at("sigma"))) <= 1e-12);
  }
}

point_set points_of(const recorded_history& history, const value& points,
                    const std::vector<std::size_t>& dims) {
  point_set all{dims.size(), points.at(history.names[dims[0]]).as_array().size()};
  for (std::size_t c = 0; c < dims.size(); ++c) {
    const auto row = reals(points.at(history.names[dims[c]]));
    std::copy(row.begin(), row.end(), all.row(c));
  }
  return all;
}

void check_estimators(const recorded_history& history, const value& e) {
  const bool joint = text_of(e.at("mode")) != "univariate";
  const auto table = table_of(history, joint);
  const auto dims = history.places_of(e.at("params"));
  const auto below = whole<row_number>(e.at("below_used"));
  const auto above = whole<row_number>(e.at("above_used"));
  auto better = made(table, dims, below, above);
  auto others = made(table, dims, above, below);
  const auto l = better.compile(table);
  const auto g = others.compile(table);
  check_kernels(l, history, e.at("l"), dims);
  check_kernels(g, history, e.at("g"), dims);

  const bool has_log_int = std::any_of(dims.begin(), dims.end(), [&](std::size_t d) {
    return history.dimensions[d].log && history.dimensions[d].stepped();
  });
  const double tolerance = has_log_int ? 1e-7 : 1e-9;
  const auto points = points_of(history, e.at("points"), dims);
  const auto log_l = l.log_density(points);
  const auto log_g = g.log_density(points);
  std::vector<double> acquisition;
  for (std::size_t i = 0; i < log_l.size(); ++i)
    acquisition.push_back(log_l[i] - log_g[i]);
  CHECK(difference(log_l, reals(e.at("log_l"))) <= tolerance);
  CHECK(difference(log_g, reals(e.at("log_g"))) <= tolerance);
  CHECK(difference(acquisition, reals(e.at("acq"))) <= 2 * tolerance);
}

/// Checks the trials below and above that the model has for a group of parameters.
void check_group(const model& m, const recorded_history& history, const value& e) {
  CAPTURE(to_text(e.at("params")));
  auto wanted = history.places_of(e.at("params"));
  std::sort(wanted.begin(), wanted.end());
  const auto found = std::find_if(m.groups().begin(), m.groups().end(),
                                  [&](const auto& g) { return g.parameters == wanted; });
  REQUIRE(found != m.groups().end());
  CHECK(found->below.members() == whole<row_number>(e.at("below_used")));
  CHECK(found->above.members() == whole<row_number>(e.at("above_used")));
}

/// Replays a history with all its trials ending in their order, and in others.
void check_groups(const recorded_history& history, const value& estimators, bool joint) {
  tpe_options options;
  if (!joint) options.multivariate = false;
  for (const std::size_t step : {1, 7, 11}) {
    if (std::gcd(step, history.trials().size()) != 1) continue;
    const auto m = history.replay(options, step);
    for (const auto& e : estimators.as_array())
      if ((text_of(e.at("mode")) != "univariate") == joint) check_group(m, history, e);
  }
}

} // namespace

TEST_CASE("TPE's estimators are those of Optuna 5") {
  std::size_t estimators = 0;
  for (const auto& line : recorded_lines("tpe_parzen")) {
    const recorded_history history{line};
    for (const auto& e : line.at("estimators").as_array()) {
      CAPTURE(text_of(line.at("case")));
      CAPTURE(to_text(e.at("params")));
      check_estimators(history, e);
      ++estimators;
    }
  }
  CHECK(estimators == 110);
}

TEST_CASE("TPE splits trials, and groups parameters, as Optuna 5 does") {
  for (const auto& line : recorded_lines("tpe_parzen")) {
    const recorded_history history{line};
    if (history.trials().empty()) continue;
    CAPTURE(text_of(line.at("case")));
    check_groups(history, line.at("estimators"), true);
    check_groups(history, line.at("estimators"), false);
    CHECK(history.replay({}).starting_up() == line.at("startup").as_bool());
    for (const auto& e : line.at("estimators").as_array())
      CHECK(split::gamma(static_cast<std::size_t>(e.at("n_finished").as_int64()),
                         history.objectives) == static_cast<std::size_t>(e.at("gamma").as_int64()));
  }
}
