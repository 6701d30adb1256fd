#pragma once

#include "search/searchers/tpe/observations.hpp"

#include <troupe/random.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace troupe::tpe {

/// Points of a space: a row of values per dimension, in the own scale. Rows are padded to whole
/// blocks, so that loops over points have a fixed length.
class point_set {
public:
  static constexpr std::size_t block = 8;

  point_set(std::size_t dimensions, std::size_t count)
      : count_{count},
        stride_{(count + block - 1) / block * block},
        values_(dimensions * stride_) {}

  std::size_t size() const noexcept { return count_; }
  std::size_t stride() const noexcept { return stride_; }
  double* row(std::size_t dimension) noexcept { return values_.data() + dimension * stride_; }
  const double* row(std::size_t dimension) const noexcept {
    return values_.data() + dimension * stride_;
  }

private:
  std::size_t count_, stride_;
  std::vector<double> values_;
};

/// A kernel that is wider than most of its column.
struct wide_kernel {
  row_number row;
  double sigma;
};

/// A Parzen estimator: a weighted mixture of kernels, each the product of one law per dimension.
///
///   continuous   a normal law cut to the dimension's range;
///   with a grid  the mass that such a law has in the cell around a grid point;
///   categorical  the observed choice has 1 + w/K, the others w/K, before they are normalised;
///                w is the prior's weight and K the number of kernels.
///
/// There is a kernel per trial, by number; the last kernel is the prior: as wide as the range, or
/// flat. A mixture is a view: it holds until its kernel set or its table changes.
class mixture {
public:
  /// The kernels along one dimension. With a grid many kernels are the same; these share a `kind`.
  /// Along a categorical dimension the kind is the choice, and the prior's kind is one beyond.
  struct column {
    troupe::dimension dimension;
    const double* values = nullptr; ///< The table's column: where the kernels lie.
    double prior_mu = 0, prior_sigma = 1;
    double sigma = 1;                        ///< Of most kernels,
    std::span<const wide_kernel> wide;       ///< but not of these; by row.
    std::vector<std::uint32_t> kind;         ///< Per kernel; empty if continuous.
    std::vector<double> kind_mu, kind_sigma; ///< Per kind, with a grid.
  };

  std::vector<column> columns;
  std::span<const row_number> rows; ///< The trials behind the kernels.
  std::vector<double> weights;      ///< They add up to 1.
  std::span<const double> norms;    ///< Per trial: what its numeric dimensions add to its kernel's
  double prior_norm = 0;            ///< log density whatever the point; the same for the prior.
  double prior_weight = 1;

  std::size_t size() const noexcept { return weights.size(); }

  /// Where kernel `k` lies along a numeric column, and how wide it is.
  double mu(const column& c, std::size_t k) const;
  double sigma(const column& c, std::size_t k) const;

  /// Draws points: a kernel per point, then all dimensions from that kernel.
  point_set sample(random_stream& random, std::size_t count) const;

  /// Returns the logarithm of the density at each point. Continuous logarithmic dimensions count
  /// in the kernel scale.
  std::vector<double> log_density(const point_set& points) const;

  /// Returns the probability of `choice` along a categorical column for kernels of a kind.
  double share(const column& c, std::uint32_t kind, std::size_t choice) const;

private:
  double draw(const column& c, std::size_t kernel, double u) const;
};

/// Returns what a numeric kernel adds to its log density whatever the point.
double log_norm(const dimension& d, double mu, double sigma);

} // namespace troupe::tpe
