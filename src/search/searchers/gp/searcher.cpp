#include "search/searchers/gp/searcher.hpp"

#include "search/numbers/sobol.hpp"
#include "search/searchers/gp/options.hpp"
#include "search/searchers/outcome_values.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <utility>

namespace troupe {

gp_searcher::gp_searcher(const study& s)
    : axes_{s},
      seed_{s.seed},
      sign_{s.mode == direction::min ? 1.0 : -1.0} {
  const auto options = read_gp_options(s.searcher.options);
  if (!s.further_objectives.empty())
    throw std::invalid_argument{
        fmt::format("gp: it has one objective, and the study {}; use tpe or random",
                    1 + s.further_objectives.size())};
  std::vector<dimension> space;
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const auto& axis = axes_.axes()[i];
    if (axis.conditional) continue;
    columns_.push_back(i);
    space.push_back(axis.dim);
  }
  if (space.size() > sobol_sequence::max_dim)
    throw std::invalid_argument{fmt::format("gp: the space has {} parameters, at most {} can be "
                                            "searched; use random",
                                            space.size(), sobol_sequence::max_dim)};
  if (!space.empty()) model_.emplace(std::move(space), options, s.seed);
}

/// Returns the values of a row that the process sees.
std::vector<double> gp_searcher::seen(const std::vector<double>& values) const {
  std::vector<double> row;
  for (const std::size_t i : columns_)
    row.push_back(values[i]);
  return row;
}

suggestion gp_searcher::suggest(trial_number n) {
  std::vector<double> proposal;
  if (model_ && !model_->starting_up() && !axes_.is_given(n)) {
    random_stream random{seed_, n, "gp"};
    const auto best = model_->suggest(random);
    proposal.assign(axes_.size(), std::nan(""));
    for (std::size_t i = 0; i < columns_.size(); ++i)
      proposal[columns_[i]] = best[i];
  }
  auto made = axes_.make(n, proposal);
  if (model_) model_->start(n, seen(made.values));
  return std::move(made.config);
}

void gp_searcher::adopt(trial_number n, const config& c) {
  if (model_) model_->start(n, seen(axes_.values_of(c)));
}

void gp_searcher::complete(trial_number n, const std::optional<outcome>& last) {
  if (!model_) return;
  if (last && !std::isnan(first_value(*last)))
    model_->finish(n, sign_ * first_value(*last), last->constraints);
  else
    model_->drop(n);
}

void gp_searcher::stopped(trial_number n, const std::optional<outcome>&) {
  if (model_) model_->drop(n);
}

} // namespace troupe
