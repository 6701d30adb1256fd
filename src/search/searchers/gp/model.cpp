#include "search/searchers/gp/model.hpp"

#include "search/numbers/sobol.hpp"
#include "search/searchers/gp/fit.hpp"
#include "search/searchers/gp/standardise.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe::gp {

model::model(std::vector<dimension> space, const gp_options& options, std::uint64_t seed)
    : options_{options},
      candidates_{std::move(space), seed} {}

void model::start(row_number n, const std::vector<double>& values) {
  trial t{Eigen::VectorXd(static_cast<Eigen::Index>(values.size())), std::nullopt};
  for (std::size_t d = 0; d < values.size(); ++d)
    t.inputs[static_cast<Eigen::Index>(d)] = to_input(candidates_.space()[d], values[d]);
  if (t.inputs.allFinite()) trials_.insert_or_assign(n, std::move(t));
}

void model::finish(row_number n, double loss, const std::vector<double>& constraints) {
  const auto found = trials_.find(n);
  if (found == trials_.end() || found->second.ended) return;
  found->second.ended = result{loss, constraints};
  constraints_ = std::max(constraints_, constraints.size());
  ++finished_;
  goals_.clear();
}

model::table model::results() const {
  const auto n = static_cast<Eigen::Index>(finished_);
  const auto columns = candidates_.space().size();
  table t{{Eigen::MatrixXd(n, static_cast<Eigen::Index>(columns)), {}, {}},
          Eigen::VectorXd(n),
          Eigen::MatrixXd::Constant(n, static_cast<Eigen::Index>(constraints_), std::nan(""))};
  for (const auto& d : candidates_.space())
    t.data.categorical.push_back(d.categorical());
  Eigen::Index row = 0;
  for (const auto& [number, one] : trials_) {
    if (!one.ended) continue;
    t.data.points.row(row) = one.inputs;
    t.gains[row] = -one.ended->loss;
    for (std::size_t c = 0; c < one.ended->constraints.size(); ++c)
      t.slacks(row, static_cast<Eigen::Index>(c)) = -one.ended->constraints[c];
    ++row;
  }
  return t;
}

void model::fit_goal(observations& data, const Eigen::VectorXd& values, double threshold) {
  data.values = values;
  const std::size_t place = goals_.size();
  std::optional<kernel_parameters> start;
  if (place < last_.size()) start = last_[place];
  const auto parameters = fit(data, options_.deterministic_objective, start);
  last_.resize(std::max(last_.size(), place + 1));
  last_[place] = parameters;
  goals_.push_back({regression{parameters, data}, threshold});
}

void model::fit_goals() {
  auto [data, gains, slacks] = results();
  const auto scaled = standardise(std::move(gains));
  double best = no_threshold;
  incumbent_.reset();
  for (Eigen::Index i = 0; i < scaled.values.size(); ++i)
    if ((slacks.row(i).array() >= 0).all() && scaled.values[i] > best) {
      best = scaled.values[i];
      incumbent_ = data.points.row(i);
    }
  fit_goal(data, scaled.values, best);
  for (Eigen::Index c = 0; c < slacks.cols(); ++c) {
    const auto slack = standardise(slacks.col(c));
    fit_goal(data, slack.values, -slack.mean / slack.deviation);
  }
}

/// Returns where trials run: of very many the last, as samples have so many axes.
std::vector<Eigen::VectorXd> model::awaited() const {
  const std::size_t most = sobol_sequence::max_dim / goals_.size() - 1;
  std::vector<Eigen::VectorXd> points;
  for (auto t = trials_.rbegin(); t != trials_.rend() && points.size() < most; ++t)
    if (!t->second.ended) points.push_back(t->second.inputs);
  return points;
}

std::vector<double> model::suggest(random_stream& random) {
  if (goals_.empty()) fit_goals();
  auto goals = goals_;
  for (const auto& x : awaited())
    for (auto& g : goals)
      g.process.await(x);
  const acquisition a{std::move(goals), random()};
  const auto inputs = maximise(a, candidates_, incumbent_, random);
  std::vector<double> values;
  for (std::size_t d = 0; d < candidates_.space().size(); ++d)
    values.push_back(from_input(candidates_.space()[d], inputs[static_cast<Eigen::Index>(d)]));
  return values;
}

} // namespace troupe::gp
