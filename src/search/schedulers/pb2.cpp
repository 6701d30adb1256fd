#include "search/schedulers/pb2.hpp"

#include "base/values.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe {

namespace {

constexpr std::size_t most_records = 200;

} // namespace

pb2::pb2(const study& s) : pb2{s, read_pb2_options(s.scheduler.options)} {}

pb2::pb2(const study& s, std::pair<pbt_options, std::vector<parameter_bounds>> options)
    : pbt{s, std::move(options.first)},
      bounds_{std::move(options.second)} {}

void pb2::completed(trial_number n, const std::optional<result>& last) {
  looks_.erase(n);
  pbt::completed(n, last);
}

void pb2::failed(trial_number n) {
  looks_.erase(n);
  pbt::failed(n);
}

void pb2::removed(trial_number n) {
  looks_.erase(n);
  pbt::removed(n);
}

void pb2::scored(trial_number n, double time, double score) {
  const auto node = looks_.extract(n);
  auto settings = settings_of(n);
  if (!std::isfinite(score) || !settings) return;
  latest_ = std::max(latest_, time);
  if (node && node.mapped().settings == *settings && time > node.mapped().time) {
    const auto& before = node.mapped();
    if (records_.size() == most_records) records_.erase(records_.begin());
    records_.push_back(
        {n, before.time, before.reward, *settings, (score - before.reward) / (time - before.time)});
  }
  looks_.insert_or_assign(n, look{time, score, std::move(*settings)});
}

config pb2::explored(trial_number n, trial_number donor, random_stream& random) {
  auto taken = config_of(donor);
  const auto found = looks_.find(donor);
  if (found == looks_.end()) {
    looks_.erase(n);
    return taken;
  }
  auto from = found->second;
  const bool known = std::any_of(records_.begin(), records_.end(),
                                 [&](const gain_record& r) { return r.trial == donor; });
  if (known) {
    taken = with(std::move(taken), promising(from, random));
    from.settings.clear();
    for (const auto& b : bounds_)
      from.settings.push_back((*real_number(*find_in(taken, b.path)) - b.low) / (b.high - b.low));
  }
  looks_.insert_or_assign(n, std::move(from));
  return taken;
}

std::vector<double> pb2::promising(const look& from, random_stream& random) {
  if (latest_ > round_) given_.clear();
  round_ = latest_;
  given_.push_back(most_promising(records_, from.time, from.reward, given_, random));
  return given_.back();
}

/// None if there is one that is no number.
std::optional<std::vector<double>> pb2::settings_of(trial_number n) const {
  auto c = config_of(n);
  std::vector<double> settings;
  for (const auto& b : bounds_) {
    const auto* v = find_in(c, b.path);
    const auto x = v ? real_number(*v) : std::nullopt;
    if (!x) return std::nullopt;
    settings.push_back((*x - b.low) / (b.high - b.low));
  }
  return settings;
}

config pb2::with(config c, const std::vector<double>& settings) const {
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    const auto& b = bounds_[i];
    auto& v = *find_in(c, b.path);
    const double x = std::clamp(b.low + settings[i] * (b.high - b.low), b.low, b.high);
    const double least = std::ceil(b.low);
    const double most = std::floor(b.high);
    v = of_kind(v, v.is_double() || least > most ? x : std::clamp(std::nearbyint(x), least, most));
  }
  return c;
}

} // namespace troupe
