#include "search/searchers/tpe/mixture.hpp"

#include "search/numbers/normal.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace troupe::tpe {

double log_norm(const dimension& d, double mu, double sigma) {
  constexpr double log_root_two_pi = 0.918938533204672741780;
  const double inside = log_mass((d.lower() - mu) / sigma, (d.upper() - mu) / sigma);
  return d.stepped() ? -inside : -inside - std::log(sigma) - log_root_two_pi;
}

double mixture::share(const column& c, std::uint32_t kind, std::size_t choice) const {
  const auto choices = static_cast<double>(c.dimension.choices);
  if (kind == c.dimension.choices) return 1 / choices;
  const double flat = prior_weight / static_cast<double>(size());
  return (flat + (kind == choice ? 1 : 0)) / (1 + choices * flat);
}

double mixture::mu(const column& c, std::size_t k) const {
  return k < rows.size() ? c.values[rows[k]] : c.prior_mu;
}

double mixture::sigma(const column& c, std::size_t k) const {
  if (k == rows.size()) return c.prior_sigma;
  const auto found =
      std::lower_bound(c.wide.begin(), c.wide.end(), rows[k],
                       [](const wide_kernel& w, row_number row) { return w.row < row; });
  return found != c.wide.end() && found->row == rows[k] ? found->sigma : c.sigma;
}

double mixture::draw(const column& c, std::size_t kernel, double u) const {
  const dimension& d = c.dimension;
  if (!d.categorical()) {
    const double m = mu(c, kernel);
    const double s = sigma(c, kernel);
    return d.to_own(m + s * cut_normal_quantile(u, (d.lower() - m) / s, (d.upper() - m) / s));
  }
  std::size_t choice = 0;
  while (choice + 1 < d.choices) {
    u -= share(c, c.kind[kernel], choice);
    if (u < 0) break;
    ++choice;
  }
  return static_cast<double>(choice);
}

point_set mixture::sample(random_stream& random, std::size_t count) const {
  std::vector<double> levels(size());
  std::partial_sum(weights.begin(), weights.end(), levels.begin());
  point_set points{columns.size(), count};
  for (std::size_t i = 0; i < count; ++i) {
    const auto found = std::upper_bound(levels.begin(), levels.end() - 1, random.uniform());
    const auto kernel = static_cast<std::size_t>(found - levels.begin());
    for (std::size_t c = 0; c < columns.size(); ++c)
      points.row(c)[i] = draw(columns[c], kernel, random.uniform());
  }
  return points;
}

} // namespace troupe::tpe
