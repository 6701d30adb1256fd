#include "search/searchers/bohb_density.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

namespace troupe {

namespace {

double draw_between_0_and_1(double mean, double sd, random_stream& random) {
  const auto normal = boost::math::normal{mean, sd};
  const double low = cdf(normal, 0.0);
  const double high = cdf(normal, 1.0);
  const double level = low + (high - low) * random.uniform();
  if (!(level > 0 && level < 1)) return mean;
  return std::clamp(quantile(normal, level), 0.0, 1.0);
}

std::size_t count_levels(const std::vector<std::vector<double>>& rows, std::size_t column) {
  std::set<double> levels;
  for (const auto& row : rows)
    levels.insert(row[column]);
  return levels.size();
}

double standard_deviation(const std::vector<std::vector<double>>& rows, std::size_t column) {
  const auto n = static_cast<double>(rows.size());
  double mean = 0;
  for (const auto& row : rows)
    mean += row[column] / n;
  double variance = 0;
  for (const auto& row : rows)
    variance += (row[column] - mean) * (row[column] - mean) / n;
  return std::sqrt(variance);
}

} // namespace

bohb_density::bohb_density(std::vector<std::vector<double>> rows, std::vector<std::size_t> choices,
                           double min_bandwidth)
    : rows_{std::move(rows)},
      choices_{std::move(choices)} {
  const double shrink =
      std::pow(static_cast<double>(rows_.size()), -1 / (4 + static_cast<double>(choices_.size())));
  for (std::size_t j = 0; j < choices_.size(); ++j) {
    double h = 1.06 * standard_deviation(rows_, j) * shrink;
    const auto levels = static_cast<double>(count_levels(rows_, j));
    if (choices_[j] > 0) h = std::min(h, (levels - 1) / levels);
    bandwidths_.push_back(std::max(h, min_bandwidth));
    others_.push_back(bandwidths_.back() / (levels - 1));
  }
}

double bohb_density::at(const std::vector<double>& x) const {
  double sum = 0;
  for (const auto& row : rows_) {
    double product = 1;
    for (std::size_t j = 0; j < x.size(); ++j) {
      const double h = bandwidths_[j];
      if (choices_[j] > 0) {
        product *= x[j] == row[j] ? 1 - h : others_[j];
      } else {
        const double z = (x[j] - row[j]) / h;
        product *= std::exp(-0.5 * z * z) / (h * std::sqrt(2 * std::numbers::pi));
      }
    }
    sum += product;
  }
  return sum / static_cast<double>(rows_.size());
}

std::vector<double> bohb_density::draw(random_stream& random, double bandwidth_factor) const {
  auto x = rows_[random.below(rows_.size())];
  for (std::size_t j = 0; j < x.size(); ++j) {
    if (choices_[j] == 0)
      x[j] = draw_between_0_and_1(x[j], bandwidth_factor * bandwidths_[j], random);
    else if (random.uniform() < bandwidths_[j])
      x[j] = static_cast<double>(random.below(choices_[j]));
  }
  return x;
}

void impute(std::vector<std::vector<double>>& rows, const std::vector<std::size_t>& choices,
            random_stream& random) {
  const auto known = rows;
  for (auto& row : rows)
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (!std::isnan(row[j])) continue;
      std::vector<std::size_t> donors;
      for (std::size_t i = 0; i < known.size(); ++i)
        if (!std::isnan(known[i][j])) donors.push_back(i);
      if (donors.empty()) {
        row[j] = choices[j] > 0 ? static_cast<double>(random.below(choices[j])) : random.uniform();
        continue;
      }
      const auto& donor = known[donors[random.below(donors.size())]];
      for (std::size_t k = j; k < row.size(); ++k)
        if (std::isnan(row[k])) row[k] = donor[k];
    }
}

} // namespace troupe
