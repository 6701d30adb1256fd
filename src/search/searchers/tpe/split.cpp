#include "search/searchers/tpe/split.hpp"

#include "search/numbers/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace troupe::tpe {

namespace {

constexpr std::size_t most_below = 25; ///< With one objective.

double orderable(double loss) {
  return std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss;
}

class ranked_split final : public split {
public:
  std::vector<move> add(const standing& s) override {
    const auto place = std::lower_bound(ranking_.begin(), ranking_.end(), s);
    const bool is_below = static_cast<std::size_t>(place - ranking_.begin()) < below_;
    ranking_.insert(place, s);
    std::vector<move> moves{{s.number, is_below ? side::below : side::above}};
    below_ += is_below ? 1 : 0;
    const std::size_t wanted = gamma(++size_);
    for (; below_ < wanted; ++below_)
      moves.push_back({ranking_[below_].number, side::below});
    for (; below_ > wanted; --below_)
      moves.push_back({ranking_[below_ - 1].number, side::above});
    if (ranking_.size() > most_below) ranking_.pop_back(); // it can never be below again
    return moves;
  }

  std::size_t size() const noexcept override { return size_; }

private:
  std::vector<standing> ranking_; ///< The best that there were, best first.
  std::size_t size_ = 0;
  std::size_t below_ = 0;
};

class front_split final : public split {
public:
  std::vector<move> add(const standing& s) override {
    if (s.at == standing::tier::completed) {
      completed_.push_back(s.losses);
      numbers_.push_back(s.number);
    } else {
      others_.insert(std::lower_bound(others_.begin(), others_.end(), s), s);
    }
    const auto now = choose();
    std::vector<move> moves;
    if (!now.contains(s.number)) moves.push_back({s.number, side::above});
    for (const row_number n : below_)
      if (!now.contains(n)) moves.push_back({n, side::above});
    for (const row_number n : now)
      if (!below_.contains(n)) moves.push_back({n, side::below});
    below_ = now;
    return moves;
  }

  std::size_t size() const noexcept override { return completed_.size() + others_.size(); }

private:
  /// Returns the trials below, of all.
  std::set<row_number> choose() const {
    const std::size_t wanted = gamma(size(), 2);
    std::set<row_number> chosen;
    for (const auto& front : pareto_fronts(completed_, wanted)) {
      if (chosen.size() + front.size() > wanted) {
        add_most_volume(front, wanted - chosen.size(), chosen);
        break;
      }
      for (const auto i : front)
        chosen.insert(numbers_[i]);
    }
    for (auto next = others_.begin(); chosen.size() < wanted; ++next)
      chosen.insert(next->number);
    return chosen;
  }

  void add_most_volume(const std::vector<std::size_t>& front, std::size_t count,
                       std::set<row_number>& chosen) const {
    std::vector<losses> points;
    points.reserve(front.size());
    for (const auto i : front)
      points.push_back(completed_[i]);
    const auto reference = reference_beyond(points);
    const bool is_finite =
        std::all_of(reference.begin(), reference.end(), [](double x) { return std::isfinite(x); });
    if (is_finite) {
      for (const auto i : most_volume(points, count, reference))
        chosen.insert(numbers_[front[i]]);
    } else { // no volume to compare: the oldest
      for (std::size_t i = 0; i < count; ++i)
        chosen.insert(numbers_[front[i]]);
    }
  }

  std::vector<losses> completed_;
  std::vector<row_number> numbers_; ///< Of the completed.
  std::vector<standing> others_;    ///< Stopped or infeasible; best first.
  std::set<row_number> below_;
};

} // namespace

standing completed(row_number n, double loss) {
  return {orderable(loss), 0, n, standing::tier::completed, {}};
}

standing stopped(row_number n, const std::optional<last_report>& last) {
  if (!last) return {1, 0, n, standing::tier::stopped, {}};
  return {
      -static_cast<double>(last->iteration), orderable(last->loss), n, standing::tier::stopped, {}};
}

standing infeasible(row_number n, double violation) {
  return {violation, 0, n, standing::tier::infeasible, {}};
}

standing completed(row_number n, const std::vector<double>& losses) {
  if (losses.size() == 1) return completed(n, losses.front());
  auto s = standing{0, 0, n, standing::tier::completed, losses};
  for (double& loss : s.losses)
    loss = orderable(loss);
  return s;
}

std::size_t split::gamma(std::size_t n, std::size_t objectives) noexcept {
  const std::size_t tenth = (n + 9) / 10;
  return objectives == 1 ? std::min(tenth, most_below) : tenth;
}

std::unique_ptr<split> make_split(std::size_t objectives) {
  if (objectives == 1) return std::make_unique<ranked_split>();
  return std::make_unique<front_split>();
}

} // namespace troupe::tpe
