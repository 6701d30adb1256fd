#pragma once

#include "search/searchers/tpe/mixture.hpp"
#include "search/searchers/tpe/observations.hpp"
#include "search/searchers/tpe/rules.hpp"

#include <cstddef>
#include <vector>

namespace troupe::tpe {

/// The trials behind one Parzen estimator, kept so that adding or removing one costs little:
///
///   - the trials sorted by value along every numeric dimension;
///   - the trials whose kernels are wider than the least width. From 98 trials on that is a
///     hundredth of the range, so that there are at most 200 of them per dimension;
///   - what each kernel's norms add up to.
///
/// From 98 trials on, a change of one trial changes the widths of its neighbours only.
///
/// The table of observations is passed to each call; it must be the same each time.
class kernel_set {
public:
  /// A set over the dimensions `dims` of a table.
  kernel_set(const observations& table, std::vector<std::size_t> dims, kernel_rules rules);

  /// Adds a trial, which has all dimensions and is not in the set.
  void insert(const observations& table, row_number r);

  /// Removes a trial of the set.
  void erase(const observations& table, row_number r);

  /// Returns the trials, by number.
  const std::vector<row_number>& members() const noexcept { return members_; }

  /// Returns the estimator: a view of this set and the table. Trials with equal observations count
  /// in the order of their numbers.
  mixture compile(const observations& table);

private:
  /// The trials along one numeric dimension; bounds in the kernel scale.
  struct axis {
    std::size_t dimension;
    double lower, upper;
    std::vector<row_number> order{}; ///< By value, then by number.
    std::vector<wide_kernel> wide{}; ///< By number.
  };

  double least_width(const axis& a) const;
  double width(const axis& a, double left, double here, double right, std::size_t at) const;
  double width_at(const observations& table, const axis& a, std::size_t at) const;
  void leave(const observations& table, const axis& a, std::size_t first, std::size_t last);
  void join(const observations& table, axis& a, std::size_t first, std::size_t last);
  void rebuild(const observations& table);
  bool settled() const noexcept;
  std::size_t index_of(row_number r) const;
  mixture::column make_column(const observations& table, std::size_t dimension) const;
  void add_kinds(const observations& table, const axis& a, mixture::column& c) const;

  std::vector<std::size_t> dims_;
  kernel_rules rules_;
  std::vector<row_number> members_;
  std::vector<axis> axes_;
  std::vector<double> norms_; ///< Per member.
  bool stale_ = false;        ///< Widths and norms are to be made anew.
};

/// Returns the weights of `n` observations, oldest first, before they are normalised: the last 25
/// have 1, older ones less and less.
std::vector<double> age_weights(std::size_t n);

} // namespace troupe::tpe
