#include "search/schedulers/pbt.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe {

pbt::pbt(const study& s) : pbt{s, read_pbt_options(s.scheduler.options)} {}

pbt::pbt(const study& s, pbt_options options)
    : options_{std::move(options)},
      sign_{s.mode == direction::max ? 1.0 : -1.0},
      seed_{s.seed},
      next_common_{std::max(options_.perturbation_interval, options_.burn_in_period)} {}

decision pbt::reported(trial_number n, const result& r) {
  population_.set_waiting(n, false);
  const bool early = r.time < options_.burn_in_period ||
                     r.time - population_.perturbed(n) < options_.perturbation_interval;
  if (early || std::isnan(r.time)) return {};
  population_.record(n, r.time, sign_ * r.value);
  scored(n, r.time, sign_ * r.value);
  auto d = options_.synch ? look_together(n, r.time) : look(n, r.time);
  if (d.verdict == verdict::pause) population_.set_waiting(n, true);
  return d;
}

decision pbt::look(trial_number n, double time) {
  population_.set_perturbed(n, time);
  const auto quantile = population_.quantile(options_.quantile_fraction);
  if (population_.among_worst(n, quantile)) {
    auto taken = take_over(n, quantile);
    auto reason = why(n, taken, time);
    return {verdict::pause, std::move(reason), {}, {std::move(taken)}};
  }
  if (!population_.anybody_waits()) return {};
  return {verdict::pause, fmt::format("{}: others wait for their turn at {} {:g}", options_.rule,
                                      options_.time_attr, time)};
}

decision pbt::look_together(trial_number n, double time) {
  decision d{verdict::pause, fmt::format("{}: waits for the others at {} {:g}", options_.rule,
                                         options_.time_attr, time)};
  if (!population_.all_reached(next_common_, n)) return d;
  d.exploits = change_worst(time);
  const auto own = std::ranges::find(d.exploits, n, &exploit::trial);
  if (own != d.exploits.end()) d.reason = why(n, *own, time);
  return d;
}

/// Everybody is looked at, and there is a new common time to wait for.
std::vector<exploit> pbt::change_worst(double time) {
  population_.set_all_perturbed(time);
  const auto quantile = population_.quantile(options_.quantile_fraction);
  std::vector<exploit> taken;
  for (std::size_t i = 0; i < quantile; ++i)
    taken.push_back(take_over(population_.ranked(i), quantile));
  next_common_ =
      std::max(next_common_ + options_.perturbation_interval, population_.most_trained());
  if (population_.all_reached(next_common_)) next_common_ += options_.perturbation_interval;
  return taken;
}

exploit pbt::take_over(trial_number n, std::size_t quantile) {
  random_stream random{seed_, n, fmt::format("pbt {}", ++changes_[n])};
  const auto donor = population_.ranked(population_.scored() - quantile + random.below(quantile));
  population_.copy_times(n, donor);
  auto taken = explored(n, donor, random);
  configs_[n] = taken;
  return {n, donor, std::move(taken)};
}

config pbt::explored(trial_number, trial_number donor, random_stream& random) {
  return explore(configs_[donor], options_.mutations, options_.explore, random);
}

std::string pbt::why(trial_number n, const exploit& e, double time) const {
  return fmt::format("{}: trial {} is among the worst {:g} % at {} {:g} and goes on from trial {}",
                     options_.rule, trial_id(n), 100 * options_.quantile_fraction,
                     options_.time_attr, time, trial_id(e.donor));
}

std::optional<trial_number> pbt::choose() {
  constexpr auto ever = std::numeric_limits<double>::infinity();
  const auto next = population_.most_behind(options_.synch ? next_common_ : ever);
  if (next) population_.set_waiting(*next, false);
  return next;
}

std::vector<decision> pbt::aftermath() {
  return std::exchange(aftermath_, {});
}

void pbt::correct(trial_number n, trial_state state) {
  population_.set_waiting(n, state != trial_state::running);
}

void pbt::leave(trial_number n) {
  population_.leave(n);
  configs_.erase(n);
  if (!options_.synch || population_.empty() || !population_.all_reached(next_common_)) return;
  auto taken = change_worst(next_common_);
  if (!taken.empty()) aftermath_.push_back({verdict::proceed, {}, {}, std::move(taken)});
}

} // namespace troupe
