#include "views/past_events.hpp"

#include "views/thinned.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <variant>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr std::size_t most_curves = 300, most_points = 200, most_spans = 20'000;

json::object drawn_curve(trial_number n, const std::vector<std::pair<int, double>>& points) {
  json::array x, y;
  for (const auto& [iteration, value] : thinned(points, most_points)) {
    x.emplace_back(iteration);
    y.push_back(std::isfinite(value) ? json::value(value) : json::value(nullptr));
  }
  return {{"trial", n}, {"x", std::move(x)}, {"y", std::move(y)}};
}

} // namespace

double to_milliseconds(std::int64_t ns) {
  return std::round(static_cast<double>(ns) / 1e6) / 1e3;
}

past_events::past_events(std::string metric, std::size_t trials)
    : metric_{std::move(metric)},
      curves_(trials),
      ended_s_(trials) {}

void past_events::take(const event& e) {
  if (e.seq == 1) first_ns_ = e.time_ns;
  slots_.take(e);
  if (!e.trial || *e.trial >= curves_.size()) return;
  if (const auto* r = std::get_if<event_kind::trial_reported>(&e.body)) {
    auto& curve = curves_[*e.trial];
    // An attempt that begins anew reports anew.
    while (!curve.empty() && curve.back().first >= r->iteration)
      curve.pop_back();
    const double* value = r->metrics.find(metric_);
    curve.emplace_back(r->iteration, value ? *value : std::nan(""));
  }
  ended_s_[*e.trial] = to_milliseconds(e.time_ns - first_ns_);
}

json::array past_events::ended() const {
  return json::array(ended_s_.begin(), ended_s_.end());
}

json::array past_events::spans() const {
  json::array all;
  for (const auto& s : thinned(slots_.spans(), most_spans))
    all.push_back(json::array{s.trial, s.slot, to_milliseconds(s.begin_ns - first_ns_),
                              to_milliseconds(s.end_ns - first_ns_)});
  return all;
}

json::array past_events::curves(const std::vector<trial_number>& first,
                                std::size_t& left_out) const {
  std::vector<trial_number> others, chosen;
  for (const auto n : first)
    if (curves_[n].size() > 1 && chosen.size() < most_curves / 2) chosen.push_back(n);
  for (trial_number n = 0; n < curves_.size(); ++n)
    if (curves_[n].size() > 1 && std::ranges::find(chosen, n) == chosen.end()) others.push_back(n);
  const auto all = chosen.size() + others.size();
  for (const auto n : thinned(std::move(others), most_curves - chosen.size()))
    chosen.push_back(n);
  left_out = all - chosen.size();
  json::array drawn;
  for (const auto n : chosen)
    drawn.push_back(drawn_curve(n, curves_[n]));
  return drawn;
}

} // namespace troupe
