#pragma once

#include <cstddef>
#include <functional>
#include <queue>
#include <vector>

namespace troupe {

/// Numbers, cut into the smallest ones and the others, so that the neighbours of the cut are known
/// at once. Two heaps meet there: inserting is O(log n) as long as the cut moves by few places,
/// asking O(1).
class order_statistic {
public:
  /// Inserts `x`, which is not NaN, and cuts so that the `smallest` smallest numbers are below;
  /// 1 <= smallest <= size() afterwards.
  void insert(double x, std::size_t smallest) {
    if (!high_.empty() && x > high_.top())
      high_.push(x);
    else
      low_.push(x);
    while (low_.size() > smallest)
      move_top(low_, high_);
    while (low_.size() < smallest)
      move_top(high_, low_);
  }

  std::size_t size() const noexcept { return low_.size() + high_.size(); }

  /// Returns the largest number below the cut; there must be numbers.
  double below() const { return low_.top(); }

  /// Returns the smallest number above the cut, or below() if there is none.
  double above() const { return high_.empty() ? low_.top() : high_.top(); }

private:
  template <class From, class To>
  static void move_top(From& from, To& to) {
    to.push(from.top());
    from.pop();
  }

  std::priority_queue<double> low_;
  std::priority_queue<double, std::vector<double>, std::greater<>> high_;
};

} // namespace troupe
