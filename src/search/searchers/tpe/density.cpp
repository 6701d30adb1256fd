#include "search/numbers/normal.hpp"
#include "search/searchers/tpe/mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace troupe::tpe {

namespace {

constexpr auto block = point_set::block;
constexpr std::size_t tile = 64;  ///< Kernels that are looked at together: their sums stay in L1.
constexpr double negligible = 40; ///< exp(-40) times a million kernels is below 1e-11.

using lanes = std::array<double, block>;

/// The sum of exponentials, given as logarithms, for a block of points.
class log_sums {
public:
  void add(const lanes& terms) {
    for (std::size_t i = 0; i < block; ++i) {
      if (!(terms[i] > floor_[i])) continue;
      if (terms[i] > max_[i]) {
        sum_[i] *= std::exp(max_[i] - terms[i]);
        max_[i] = terms[i];
        floor_[i] = max_[i] - negligible;
      }
      sum_[i] += std::exp(terms[i] - max_[i]);
    }
  }

  /// Returns whether any of the terms would change its sum.
  bool matters(const lanes& terms) const {
    bool any = false;
    for (std::size_t i = 0; i < block; ++i)
      any |= terms[i] > floor_[i];
    return any;
  }

  double value(std::size_t i) const { return max_[i] + std::log(sum_[i]); }

private:
  static constexpr lanes filled(double x) {
    lanes l{};
    l.fill(x);
    return l;
  }

  lanes max_ = filled(-std::numeric_limits<double>::infinity());
  lanes floor_ = max_;
  lanes sum_{};
};

/// Adds the exponent of a normal law at the points `x`; scale is -1 / (2 sigma^2).
void add_normal(lanes& terms, double mu, double scale, const double* x) {
  for (std::size_t i = 0; i < block; ++i) {
    const double distance = x[i] - mu;
    terms[i] += scale * distance * distance;
  }
}

void add_row(lanes& terms, const double* row) {
  for (std::size_t i = 0; i < block; ++i)
    terms[i] += row[i];
}

/// Sets to out[k * stride] the logarithm of what kind k of a column has at the value `x`.
void fill_kinds(const mixture& m, const mixture::column& c, double x, double* out,
                std::size_t stride) {
  const dimension& d = c.dimension;
  if (d.categorical()) {
    for (std::size_t k = 0; k <= d.choices; ++k)
      out[k * stride] =
          std::log(m.share(c, static_cast<std::uint32_t>(k), static_cast<std::size_t>(x)));
    return;
  }
  const double low = d.to_kernel(x - 0.5 * d.step);
  const double high = d.to_kernel(x + 0.5 * d.step);
  for (std::size_t k = 0; k < c.kind_mu.size(); ++k)
    out[k * stride] =
        log_mass((low - c.kind_mu[k]) / c.kind_sigma[k], (high - c.kind_mu[k]) / c.kind_sigma[k]);
}

/// Returns what `fill_kinds` gives for all points: a row per kind.
std::vector<double> table_of(const mixture& m, const mixture::column& c, const double* values,
                             const point_set& points) {
  const std::size_t stride = points.stride();
  const std::size_t kinds = c.dimension.categorical() ? c.dimension.choices + 1 : c.kind_mu.size();
  std::vector<double> table(kinds * stride);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto same = static_cast<std::size_t>(std::find(values, values + i, values[i]) - values);
    if (same == i) {
      fill_kinds(m, c, values[i], table.data() + i, stride);
      continue;
    }
    for (std::size_t k = 0; k < kinds; ++k)
      table[k * stride + i] = table[k * stride + same];
  }
  return table;
}

/// Evaluates a mixture at points. A kernel whose density at a block of points is negligible after
/// a few dimensions is dropped there: no dimension can make it larger, as the norms are added
/// first. With many trials that is the fate of nearly all.
class evaluation {
public:
  evaluation(const mixture& m, const point_set& points)
      : mixture_{m},
        stride_{points.stride()},
        sums_(stride_ / block),
        mu_(m.columns.size()),
        scale_(m.columns.size()) {
    for (std::size_t c = 0; c < m.columns.size(); ++c) {
      const auto& column = m.columns[c];
      const double* values = points.row(c);
      auto& prepared = prepared_.emplace_back(values, values + stride_);
      if (!column.kind.empty())
        prepared = table_of(m, column, values, points);
      else
        std::for_each(prepared.begin(),
                      prepared.begin() + static_cast<std::ptrdiff_t>(points.size()),
                      [&](double& x) { x = column.dimension.to_kernel(x); });
    }
  }

  std::vector<double> run(std::size_t points) {
    add_prior();
    for (std::size_t first = 0; first < mixture_.rows.size(); first += tile)
      add_tile(first, std::min(tile, mixture_.rows.size() - first));
    std::vector<double> densities(points);
    for (std::size_t i = 0; i < points; ++i)
      densities[i] = sums_[i / block].value(i % block);
    return densities;
  }

private:
  /// The prior goes first: it bounds all sums from below.
  void add_prior() {
    const std::size_t k = mixture_.rows.size();
    for (std::size_t b = 0; b < sums_.size(); ++b) {
      lanes terms;
      terms.fill(std::log(mixture_.weights[k]) + mixture_.prior_norm);
      for (std::size_t c = 0; c < prepared_.size(); ++c) {
        const auto& column = mixture_.columns[c];
        const double* here = prepared_[c].data() + b * block;
        if (column.kind.empty())
          add_normal(terms, column.prior_mu, -0.5 / (column.prior_sigma * column.prior_sigma),
                     here);
        else
          add_row(terms, here + column.kind[k] * stride_);
      }
      sums_[b].add(terms);
    }
  }

  void add_tile(std::size_t first, std::size_t count) {
    first_ = first;
    count_ = count;
    ready_ = 0;
    std::array<double, tile> base;
    for (std::size_t k = 0; k < count; ++k)
      base[k] = std::log(mixture_.weights[first + k]) + mixture_.norms[first + k];
    for (std::size_t b = 0; b < sums_.size(); ++b) {
      for (std::size_t k = 0; k < count; ++k)
        terms_[k].fill(base[k]);
      const std::size_t left = add_columns(b);
      for (std::size_t j = 0; j < left; ++j)
        sums_[b].add(terms_[alive_[j]]);
    }
  }

  /// Adds all columns for block `b` of the points; returns how many kernels are left in `alive_`.
  std::size_t add_columns(std::size_t b) {
    std::size_t left = count_;
    for (std::size_t k = 0; k < count_; ++k)
      alive_[k] = k;
    for (std::size_t c = 0; c < prepared_.size() && left > 0; ++c) {
      if (c == ready_) prepare_column(ready_++);
      const double* here = prepared_[c].data() + b * block;
      const auto& kind = mixture_.columns[c].kind;
      std::size_t kept = 0;
      for (std::size_t j = 0; j < left; ++j) {
        const std::size_t k = alive_[j];
        if (kind.empty())
          add_normal(terms_[k], mu_[c][k], scale_[c][k], here);
        else
          add_row(terms_[k], here + kind[first_ + k] * stride_);
        alive_[kept] = k;
        kept += sums_[b].matters(terms_[k]) ? 1 : 0;
      }
      left = kept;
    }
    return left;
  }

  /// Collects what the tile's kernels are along a continuous column.
  void prepare_column(std::size_t c) {
    const auto& column = mixture_.columns[c];
    if (!column.kind.empty()) return;
    const auto rows = mixture_.rows.subspan(first_, count_);
    for (std::size_t k = 0; k < count_; ++k)
      mu_[c][k] = column.values[rows[k]];
    scale_[c].fill(-0.5 / (column.sigma * column.sigma));
    const auto before = [](const wide_kernel& w, row_number row) { return w.row < row; };
    auto wide = std::lower_bound(column.wide.begin(), column.wide.end(), rows.front(), before);
    for (auto row = rows.begin(); wide != column.wide.end() && wide->row <= rows.back(); ++wide) {
      row = std::lower_bound(row, rows.end(), wide->row);
      scale_[c][static_cast<std::size_t>(row - rows.begin())] = -0.5 / (wide->sigma * wide->sigma);
    }
  }

  const mixture& mixture_;
  std::size_t stride_;
  std::vector<log_sums> sums_;
  std::vector<std::vector<double>> prepared_;
  std::size_t first_ = 0, count_ = 0, ready_ = 0;
  std::vector<std::array<double, tile>> mu_, scale_;
  std::array<lanes, tile> terms_;
  std::array<std::size_t, tile> alive_;
};

} // namespace

std::vector<double> mixture::log_density(const point_set& points) const {
  return evaluation{*this, points}.run(points.size());
}

} // namespace troupe::tpe
