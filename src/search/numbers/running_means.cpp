#include "search/numbers/running_means.hpp"

#include "search/numbers/pairwise_sum.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace troupe {

namespace {

double mean_of(const std::vector<double>& values) {
  return pairwise_sum(values) / static_cast<double>(values.size());
}

/// Returns the median of n values of which `at` gives the k-th smallest, for k that do not rise.
template <class At>
running_means::peers median_of(std::size_t n, At at) {
  if (n == 0) return {};
  const double upper = at(n / 2);
  return {n, n % 2 == 1 ? upper : (at(n / 2 - 1) + upper) / 2};
}

running_means::peers median_of(std::vector<double> values) {
  auto end = values.end();
  return median_of(values.size(), [&](std::size_t k) {
    const auto kth = values.begin() + static_cast<std::ptrdiff_t>(k);
    std::nth_element(values.begin(), kth, end);
    end = kth; // All before it are not larger.
    return *kth;
  });
}

/// The median of `sorted` without one element that equals `left_out`.
running_means::peers median_of(const std::vector<double>& sorted, std::optional<double> left_out) {
  const auto skipped =
      left_out ? std::lower_bound(sorted.begin(), sorted.end(), *left_out) : sorted.end();
  const auto skip = static_cast<std::size_t>(skipped - sorted.begin());
  return median_of(sorted.size() - (left_out ? 1 : 0),
                   [&](std::size_t k) { return sorted[k < skip ? k : k + 1]; });
}

} // namespace

void running_means::record(trial_number n, double time, double value) {
  auto& h = histories_[n];
  const double before = h.last;
  const auto first = columns_.lower_bound(std::min(before, time));
  const auto end = columns_.upper_bound(std::max(before, time));
  for (auto it = first; it != end; ++it)
    if (const auto old = share_at(h, it->first))
      it->second.erase(std::lower_bound(it->second.begin(), it->second.end(), *old));
  append(h, time, value);
  for (auto it = first; it != end; ++it)
    if (const auto now = share_at(h, it->first))
      it->second.insert(std::lower_bound(it->second.begin(), it->second.end(), *now), *now);
}

void running_means::append(history& h, double time, double value) const {
  h.last = time;
  if (!(time >= from_)) return;
  if (!h.times.empty() && time < h.times.back()) {
    h.in_order = false;
    h.means.clear();
  }
  h.times.push_back(time);
  h.values.push_back(value);
  if (h.in_order) h.means.push_back(mean_of(h.values));
}

double running_means::mean_at(const history& h, double time) {
  if (h.in_order) {
    const auto after = std::upper_bound(h.times.begin(), h.times.end(), time) - h.times.begin();
    return after == 0 ? std::nan("") : h.means[static_cast<std::size_t>(after) - 1];
  }
  std::vector<double> values;
  for (std::size_t i = 0; i < h.times.size(); ++i)
    if (h.times[i] <= time) values.push_back(h.values[i]);
  return mean_of(values);
}

std::optional<double> running_means::share_at(const history& h, double time) {
  if (h.last < time) return std::nullopt;
  const double mean = mean_at(h, time);
  return std::isfinite(mean) ? std::optional{mean} : std::nullopt;
}

std::vector<double> running_means::means_at(double time, std::optional<trial_number> except) const {
  std::vector<double> means;
  for (const auto& [n, h] : histories_)
    if (const auto share = n == except ? std::nullopt : share_at(h, time)) means.push_back(*share);
  return means;
}

running_means::peers running_means::peers_of(trial_number n, double time) {
  auto kept = columns_.find(time);
  if (kept == columns_.end()) {
    if (asked_.insert(time).second) return median_of(means_at(time, n));
    kept = columns_.emplace(time, means_at(time, {})).first;
    std::ranges::sort(kept->second);
  }
  const auto own = histories_.find(n);
  return median_of(kept->second,
                   own == histories_.end() ? std::nullopt : share_at(own->second, time));
}

} // namespace troupe
