#include "views/importance.hpp"

#include "base/json.hpp"
#include "search/numbers/normal.hpp"
#include "store/optuna_ending.hpp"
#include "study/optuna_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

namespace {

constexpr double best_share = 0.1;
constexpr std::size_t most_cells = 50, fewest_trials = 2;
constexpr double least_density = 1e-12;

/// The values that a parameter can have, in a few cells of equal width, or one per choice.
class value_grid {
public:
  explicit value_grid(const optuna_distribution& d) : distribution_{d} {
    const auto said = parse_json(d.text());
    const auto& attributes = said.at("attributes").as_object();
    if (const auto* choices = attributes.if_contains("choices")) {
      cells_ = choices->as_array().size();
      return;
    }
    is_number_ = true;
    const auto number_at = [&](const char* key) {
      const auto* v = attributes.if_contains(key);
      return v && v->is_number() ? v->to_number<double>() : 0;
    };
    low_ = number_at("low");
    high_ = number_at("high");
    is_log_ = attributes.at("log").as_bool();
    const bool is_whole = said.at("name").as_string() == "IntDistribution";
    cells_ = cells_of(is_whole, number_at("step"));
    if (is_log_) {
      low_ = std::log(low_);
      high_ = std::log(high_);
    }
  }

  std::size_t cells() const noexcept { return cells_; }
  bool is_number() const noexcept { return is_number_; }

  /// Returns the cell of a value; none if it is none of the distribution's.
  std::optional<std::size_t> cell_of(const boost::json::value& v) const {
    const auto number = distribution_.number_of(v);
    if (!number) return {};
    if (!is_number_) return static_cast<std::size_t>(*number);
    const double width = (high_ - low_) / static_cast<double>(cells_ - 1);
    const double at = std::ceil(((is_log_ ? std::log(*number) : *number) - low_) / width - 0.5);
    return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(cells_ - 1)));
  }

private:
  std::size_t cells_of(bool is_whole, double step) const {
    if (high_ <= low_ || (step > 0 && high_ - low_ < step)) return 1;
    double cells = most_cells;
    if (is_whole && is_log_)
      cells = std::ceil(std::log(high_ - low_ + 1) / std::log(2)) + 1;
    else if (step > 0)
      cells = std::round((high_ - low_) / step) + 1;
    return std::min(static_cast<std::size_t>(std::min(cells, 1e9)), most_cells);
  }

  const optuna_distribution& distribution_;
  double low_ = 0, high_ = 0;
  std::size_t cells_ = 0;
  bool is_number_ = false, is_log_ = false;
};

using counts = std::vector<std::size_t>;

/// Scott's bandwidth of cells, in cells (D. W. Scott, Multivariate Density Estimation, 1992).
double bandwidth(const counts& c, double total) {
  double mean = 0, squares = 0;
  for (std::size_t i = 0; i < c.size(); ++i)
    mean += static_cast<double>(i * c[i]);
  mean /= total;
  std::vector<std::size_t> occupied, sums;
  for (std::size_t i = 0, sum = 0; i < c.size(); ++i)
    if (c[i] > 0) {
      const double from_mean = static_cast<double>(i) - mean;
      squares += from_mean * from_mean * static_cast<double>(c[i]);
      occupied.push_back(i);
      sums.push_back(sum += c[i]);
    }
  const double deviation = std::sqrt(squares / std::max(1.0, total - 1));
  const auto whole = sums.back();
  const auto first = std::ranges::lower_bound(sums, whole / 4) - sums.begin();
  const auto third = std::ranges::upper_bound(sums, whole * 3 / 4) - sums.begin();
  const auto last = static_cast<std::ptrdiff_t>(occupied.size()) - 1;
  const double range =
      static_cast<double>(occupied[static_cast<std::size_t>(std::min(last, third))]) -
      static_cast<double>(occupied[static_cast<std::size_t>(first)]);
  constexpr double narrowest = 0.5 / 1.64; // 90 % of it in one cell
  return std::max(1.059 * std::min(range / 1.34, deviation) * std::pow(total, -0.2), narrowest);
}

/// The density of a mixture of normal distributions around cells, cut to the grid, one of them over
/// all of it.
std::vector<double> number_density(const counts& c, double total) {
  const auto cells = static_cast<double>(c.size());
  const double width = bandwidth(c, total);
  std::vector<double> density(c.size());
  const auto add = [&](double weight, double mean, double deviation) {
    const double all = log_mass((-0.5 - mean) / deviation, (cells - 0.5 - mean) / deviation);
    for (std::size_t i = 0; i < c.size(); ++i) {
      const double from = static_cast<double>(i) - 0.5 - mean;
      density[i] += weight * std::exp(log_mass(from / deviation, (from + 1) / deviation) - all);
    }
  };
  for (std::size_t i = 0; i < c.size(); ++i)
    if (c[i] > 0) add(static_cast<double>(c[i]) / (total + 1), static_cast<double>(i), width);
  add(1 / (total + 1), (cells - 1) / 2, cells);
  return density;
}

/// The same of choices.
std::vector<double> choice_density(const counts& c, double total) {
  const auto choices = static_cast<double>(c.size());
  const auto kernels =
      static_cast<double>(std::ranges::count_if(c, [](auto n) { return n > 0; })) + 1;
  const double other = (1 / kernels) / (1 + choices / kernels);
  const double own = (1 + 1 / kernels) / (1 + choices / kernels);
  std::vector<double> density(c.size());
  for (std::size_t i = 0; i < c.size(); ++i) {
    const auto here = static_cast<double>(c[i]);
    density[i] = (here * own + (total - here) * other + 1 / choices) / (total + 1);
  }
  return density;
}

std::vector<double> density_of(const counts& c, bool is_number) {
  const auto total = static_cast<double>(std::accumulate(c.begin(), c.end(), std::size_t{0}));
  auto density = is_number ? number_density(c, total) : choice_density(c, total);
  for (auto& d : density)
    d += least_density;
  return density;
}

/// A trial that counts.
struct judged_trial {
  const config* params;
  double loss; ///< The smaller the better.
};

std::vector<judged_trial> judged_trials(const study& s, const study_results& r) {
  std::vector<judged_trial> all;
  for (const auto& t : r.trials) {
    const auto end = optuna_ending_of(s, {t.state, t.reason, t.reason_kind, t.last}, r.interrupted);
    if (!end || end->state != "COMPLETE" || end->values.empty()) continue;
    if (!std::ranges::all_of(end->values, [](double x) { return std::isfinite(x); })) continue;
    const double value = end->values.front();
    all.push_back({&t.config, s.mode == direction::min ? value : -value});
  }
  return all;
}

/// Returns the greatest loss of the best trials.
double last_of_best(const std::vector<judged_trial>& all) {
  std::vector<double> losses(all.size());
  std::ranges::transform(all, losses.begin(), &judged_trial::loss);
  const auto place =
      static_cast<std::ptrdiff_t>(std::ceil(best_share * static_cast<double>(all.size()))) - 1;
  std::ranges::nth_element(losses, losses.begin() + place);
  return losses[static_cast<std::size_t>(place)];
}

/// Returns how far the best trials' values of a parameter are from those of all; none if no trial
/// has it.
std::optional<double> divergence(const std::vector<judged_trial>& all, double last_best,
                                 const search_space::entry& parameter) {
  const auto distribution = optuna_distribution::of(parameter.domain);
  if (!distribution) return {};
  const value_grid grid{*distribution};
  counts of_all(grid.cells()), of_best(grid.cells());
  double best = 0, with = 0, best_with = 0;
  for (const auto& t : all) {
    const bool is_best = t.loss <= last_best;
    best += is_best;
    const auto* v = find(*t.params, parameter.path);
    const auto cell = v ? grid.cell_of(*v) : std::nullopt;
    if (!cell) continue;
    ++with;
    best_with += is_best;
    ++of_all[*cell];
    of_best[*cell] += is_best;
  }
  if (with == 0) return {};
  if (with < fewest_trials || best_with == 0 || grid.cells() == 1) return 0;
  const auto here = density_of(of_best, grid.is_number()),
             everywhere = density_of(of_all, grid.is_number());
  double sum = 0;
  for (std::size_t i = 0; i < here.size(); ++i)
    sum += everywhere[i] * std::pow(here[i] / everywhere[i] - 1, 2);
  const double share_of_best = best_with / best;
  return share_of_best * share_of_best / (with / static_cast<double>(all.size())) * sum;
}

} // namespace

importance importance_of(const study& s, const study_results& r) {
  const auto all = judged_trials(s, r);
  std::vector<std::pair<std::string, double>> found;
  double sum = 0;
  if (!all.empty()) {
    const double last_best = last_of_best(all);
    for (const auto& parameter : s.space.entries())
      if (const auto d = divergence(all, last_best, parameter)) {
        found.emplace_back(parameter.path, all.size() < fewest_trials ? 0 : *d);
        sum += found.back().second;
      }
  }
  for (auto& [name, share] : found)
    share = sum > 0 ? share / sum : 1 / static_cast<double>(found.size());
  std::ranges::stable_sort(found, std::greater{}, &std::pair<std::string, double>::second);
  importance i{{{{"parameter"}, {"importance"}}, {}}, all.size()};
  for (const auto& [name, share] : found)
    i.shares.rows.push_back({boost::json::value(name), share});
  return i;
}

} // namespace troupe
