#include "search/searchers/tpe/kernel_set.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace troupe::tpe {

namespace {

constexpr std::size_t many = 98; ///< From so many trials on the least width is range / 100.

auto place_of(const observations& table, std::size_t dimension, std::vector<row_number>& order,
              row_number r) {
  const auto& column = table.columns[dimension];
  return std::lower_bound(order.begin(), order.end(), r, [&](row_number a, row_number b) {
    return column[a] < column[b] || (column[a] == column[b] && a < b);
  });
}

template <class T>
auto at(std::vector<T>& v, std::size_t i) {
  return v.begin() + static_cast<std::ptrdiff_t>(i);
}

} // namespace

std::vector<double> age_weights(std::size_t n) {
  constexpr std::size_t young = 25;
  std::vector<double> weights(n, 1.0);
  if (n <= young) return weights;
  const std::size_t old = n - young;
  const double first = 1 / static_cast<double>(n);
  weights[0] = first;
  for (std::size_t i = 1; i + 1 < old; ++i)
    weights[i] = first + static_cast<double>(i) * ((1 - first) / static_cast<double>(old - 1));
  return weights;
}

kernel_set::kernel_set(const observations& table, std::vector<std::size_t> dims, kernel_rules rules)
    : dims_{std::move(dims)},
      rules_{rules} {
  for (const std::size_t d : dims_) {
    const auto& dimension = table.dimensions[d];
    if (!dimension.categorical()) axes_.push_back({d, dimension.lower(), dimension.upper()});
  }
}

bool kernel_set::settled() const noexcept {
  return !stale_ && rules_.bandwidths == bandwidths::neighbours && members_.size() >= many;
}

std::size_t kernel_set::index_of(row_number r) const {
  return static_cast<std::size_t>(std::lower_bound(members_.begin(), members_.end(), r) -
                                  members_.begin());
}

void kernel_set::insert(const observations& table, row_number r) {
  stale_ = !settled();
  const std::size_t index = index_of(r);
  members_.insert(at(members_, index), r);
  norms_.insert(at(norms_, index), 0.0);
  for (axis& a : axes_) {
    const auto place = place_of(table, a.dimension, a.order, r);
    const auto i = static_cast<std::size_t>(place - a.order.begin());
    const std::size_t first = i == 0 ? 0 : i - 1;
    leave(table, a, first, i + 1);
    a.order.insert(place, r);
    join(table, a, first, i + 2);
  }
}

void kernel_set::erase(const observations& table, row_number r) {
  stale_ = !settled() || members_.size() == many;
  for (axis& a : axes_) {
    const auto place = place_of(table, a.dimension, a.order, r);
    const auto i = static_cast<std::size_t>(place - a.order.begin());
    const std::size_t first = i == 0 ? 0 : i - 1;
    leave(table, a, first, i + 2);
    a.order.erase(place);
    std::erase_if(a.wide, [&](const wide_kernel& w) { return w.row == r; });
    join(table, a, first, i + 1);
  }
  const std::size_t index = index_of(r);
  members_.erase(at(members_, index));
  norms_.erase(at(norms_, index));
}

double kernel_set::least_width(const axis& a) const {
  const double range = a.upper - a.lower;
  const auto count = static_cast<double>(a.order.size());
  const double least = rules_.consider_magic_clip ? range / std::min(100.0, count + 2) : 1e-12;
  if (rules_.bandwidths == bandwidths::neighbours) return least;
  const auto dimensions = static_cast<double>(dims_.size());
  return std::clamp(0.2 * std::pow(count, -1 / (dimensions + 4)) * range, least, range);
}

/// The width of the kernel at place `at` of the order, between the values `left` and `right`.
double kernel_set::width(const axis& a, double left, double here, double right,
                         std::size_t at) const {
  if (rules_.bandwidths == bandwidths::shared) return least_width(a);
  const std::size_t n = a.order.size();
  double w = std::max(here - left, right - here);
  if (!rules_.consider_endpoints && n >= 2) {
    if (at == 0) w = right - here;
    if (at + 1 == n) w = here - left;
  }
  return std::min(std::max(w, least_width(a)), a.upper - a.lower);
}

double kernel_set::width_at(const observations& table, const axis& a, std::size_t at) const {
  const auto& column = table.columns[a.dimension];
  const double here = column[a.order[at]];
  const double left = at == 0 ? a.lower : column[a.order[at - 1]];
  const double right = at + 1 == a.order.size() ? a.upper : column[a.order[at + 1]];
  return width(a, left, here, right, at);
}

/// Takes away the norms of the trials at the places [first, last) of the order, whose widths are
/// about to change.
void kernel_set::leave(const observations& table, const axis& a, std::size_t first,
                       std::size_t last) {
  if (stale_) return;
  const auto& d = table.dimensions[a.dimension];
  for (std::size_t i = first; i < std::min(last, a.order.size()); ++i) {
    const row_number r = a.order[i];
    norms_[index_of(r)] -= log_norm(d, table.columns[a.dimension][r], width_at(table, a, i));
  }
}

/// Adds the norms of the trials at the places [first, last) of the order, and notes their widths.
void kernel_set::join(const observations& table, axis& a, std::size_t first, std::size_t last) {
  if (stale_) return;
  const auto& d = table.dimensions[a.dimension];
  for (std::size_t i = first; i < std::min(last, a.order.size()); ++i) {
    const row_number r = a.order[i];
    const double sigma = width_at(table, a, i);
    norms_[index_of(r)] += log_norm(d, table.columns[a.dimension][r], sigma);
    auto place = std::lower_bound(a.wide.begin(), a.wide.end(), r,
                                  [](const wide_kernel& w, row_number row) { return w.row < row; });
    if (place != a.wide.end() && place->row == r) place = a.wide.erase(place);
    if (sigma > least_width(a)) a.wide.insert(place, {r, sigma});
  }
}

void kernel_set::rebuild(const observations& table) {
  std::fill(norms_.begin(), norms_.end(), 0.0);
  stale_ = false;
  for (axis& a : axes_) {
    a.wide.clear();
    join(table, a, 0, a.order.size());
  }
}

/// Finds the kernels of a stepped column that are the same: neighbours in the order.
void kernel_set::add_kinds(const observations& table, const axis& a, mixture::column& c) const {
  std::vector<row_number> index(members_.empty() ? 0 : members_.back() + 1);
  for (std::size_t k = 0; k < members_.size(); ++k)
    index[members_[k]] = static_cast<row_number>(k);
  c.kind.resize(members_.size() + 1);
  const auto add = [&](std::size_t k, double mu, double sigma) {
    if (c.kind_mu.empty() || c.kind_mu.back() != mu || c.kind_sigma.back() != sigma) {
      c.kind_mu.push_back(mu);
      c.kind_sigma.push_back(sigma);
    }
    c.kind[k] = static_cast<std::uint32_t>(c.kind_mu.size() - 1);
  };
  for (std::size_t i = 0; i < a.order.size(); ++i)
    add(index[a.order[i]], c.values[a.order[i]], width_at(table, a, i));
  add(members_.size(), c.prior_mu, c.prior_sigma);
}

mixture::column kernel_set::make_column(const observations& table, std::size_t dimension) const {
  mixture::column c;
  c.dimension = table.dimensions[dimension];
  c.values = table.columns[dimension].data();
  if (c.dimension.categorical()) {
    for (const row_number r : members_)
      c.kind.push_back(static_cast<std::uint32_t>(c.values[r]));
    c.kind.push_back(static_cast<std::uint32_t>(c.dimension.choices));
    return c;
  }
  const auto& a = *std::find_if(axes_.begin(), axes_.end(),
                                [&](const axis& x) { return x.dimension == dimension; });
  c.prior_mu = 0.5 * (a.lower + a.upper);
  c.prior_sigma = a.upper - a.lower;
  c.sigma = least_width(a);
  c.wide = a.wide;
  if (c.dimension.stepped()) add_kinds(table, a, c);
  return c;
}

mixture kernel_set::compile(const observations& table) {
  if (stale_) rebuild(table);
  mixture m;
  m.prior_weight = rules_.prior_weight;
  m.rows = members_;
  m.weights = age_weights(members_.size());
  m.weights.push_back(members_.empty() ? 1 : rules_.prior_weight);
  const double total = std::accumulate(m.weights.begin(), m.weights.end(), 0.0);
  for (double& w : m.weights)
    w /= total;
  m.norms = norms_;
  for (const std::size_t d : dims_) {
    const auto& c = m.columns.emplace_back(make_column(table, d));
    if (!c.dimension.categorical())
      m.prior_norm += log_norm(c.dimension, c.prior_mu, c.prior_sigma);
  }
  return m;
}

} // namespace troupe::tpe
