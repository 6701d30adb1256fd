#include "search/schedulers/report_history.hpp"

#include <algorithm>
#include <cmath>

namespace troupe {

namespace {

bool is_before(const report_history::report& r, std::int64_t step) {
  return r.step < step;
}

} // namespace

bool report_history::add(std::int64_t step, double value) {
  auto at = std::lower_bound(reports_.begin(), reports_.end(), step, is_before);
  if (at != reports_.end() && at->step == step) return false;
  at = reports_.insert(at, {step, value, value});
  for (; at != reports_.end(); ++at)
    at->best = at == reports_.begin() ? at->value : better((at - 1)->best, at->value);
  count(value);
  return true;
}

void report_history::rewind(std::int64_t step) {
  reports_.erase(std::lower_bound(reports_.begin(), reports_.end(), step, is_before),
                 reports_.end());
  sum_ = 0;
  not_finite_ = 0;
  for (const auto& r : reports_)
    count(r.value);
}

double report_history::better(double a, double b) const noexcept {
  return mode_ == direction::min ? std::fmin(a, b) : std::fmax(a, b);
}

void report_history::count(double value) noexcept {
  sum_ += value;
  if (!std::isfinite(value)) ++not_finite_;
}

bool is_first_in_interval(const report_history& h, std::int64_t warmup, std::int64_t interval) {
  const auto reports = h.by_step();
  if (reports.size() == 1) return true;
  const auto begin = (reports.back().step - warmup) / interval * interval + warmup;
  return reports[reports.size() - 2].step < begin;
}

} // namespace troupe
