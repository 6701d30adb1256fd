#include "search/schedulers/asha.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace troupe {

namespace {

std::vector<std::vector<rung>> make_brackets(const asha_options& options) {
  const auto ladder = asha_ladder(options);
  std::vector<std::vector<rung>> brackets(options.brackets);
  for (std::size_t s = 0; s < brackets.size(); ++s)
    for (std::size_t k = ladder.size(); k-- > s;)
      brackets[s].emplace_back(ladder[k], options.reduction_factor);
  return brackets;
}

} // namespace

asha::asha(const study& s)
    : options_{read_asha_options(s.scheduler.options)},
      metric_{s.metric},
      sign_{s.mode == direction::max ? 1.0 : -1.0},
      seed_{s.seed},
      brackets_{make_brackets(options_)} {
  // Ray Tune's law: a bracket's chance grows as e to the number of its rungs.
  double sum = 0;
  const auto most = static_cast<double>(brackets_.front().size());
  for (const auto& b : brackets_)
    shares_.push_back(sum += std::exp(static_cast<double>(b.size()) - most));
}

void asha::added(trial_number n) {
  queue_.append(n);
  auto& place = seats_[n];
  place.bracket = draw_bracket(n, place.draws++);
}

decision asha::reported(trial_number n, const result& r) {
  if (is_at_end(r))
    return {.verdict = verdict::stop,
            .reason = fmt::format("asha: max_t {:g} reached", options_.max_t),
            .reason_kind = reason_kind::max_t};
  return judge(n, r);
}

void asha::recall(trial_number n, const result& r) {
  if (is_at_end(r)) return;
  if (const auto reached = next_rung(n, r.time)) reached->record(n, sign_ * r.value);
}

bool asha::is_at_end(const result& r) const {
  return options_.stop_last_trials && r.time >= options_.max_t;
}

void asha::completed(trial_number n, const std::optional<result>& last) {
  if (const auto reached = last ? next_rung(n, last->time) : nullptr)
    reached->record(n, sign_ * last->value);
  removed(n);
}

void asha::removed(trial_number n) {
  queue_.forget(n);
  seats_.erase(n);
}

std::size_t asha::draw_bracket(trial_number n, std::uint32_t draw) const {
  if (brackets_.size() == 1) return 0;
  random_stream random{seed_, n, "asha bracket"};
  double u = random.uniform();
  for (std::uint32_t i = 0; i < draw; ++i)
    u = random.uniform();
  const auto drawn =
      std::upper_bound(shares_.begin(), std::prev(shares_.end()), u * shares_.back());
  return static_cast<std::size_t>(drawn - shares_.begin());
}

rung* asha::next_rung(trial_number n, double time) {
  for (auto& candidate : brackets_[seats_.at(n).bracket]) {
    if (time < candidate.milestone()) continue;
    if (!candidate.holds(n)) return &candidate;
    if (!options_.stop_last_trials) return nullptr;
  }
  return nullptr;
}

decision asha::judge(trial_number n, const result& r) {
  const auto reached = next_rung(n, r.time);
  if (!reached) return {};
  const double value = sign_ * r.value;
  const double cutoff = reached->cutoff();
  decision d;
  if (value < cutoff) d = {verdict::stop, stop_reason(*reached, r, cutoff)};
  reached->record(n, value);
  return d;
}

std::string asha::stop_reason(const rung& at, const result& r, double cutoff) const {
  const bool iterations = options_.time_attr == "training_iteration";
  // In one go: most of a decision's time goes into its words.
  auto reason =
      fmt::format("asha: {} {:.6g} is worse than {:.6g} (top 1/{:g} of {} trial{}) at {} {:g}",
                  metric_, r.value, sign_ * cutoff, options_.reduction_factor, at.size(),
                  at.size() == 1 ? "" : "s", iterations ? "iteration" : options_.time_attr, r.time);
  if (r.time != at.milestone()) reason += fmt::format(", rung {:g}", at.milestone());
  return reason;
}

} // namespace troupe
