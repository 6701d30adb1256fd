#include "views/report_data.hpp"

#include "base/json.hpp"
#include "views/busy_slots.hpp"
#include "views/compared_value.hpp"
#include "views/importance.hpp"
#include "views/thinned.hpp"
#include "views/trial_table.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr std::size_t most_curves = 300, most_points = 200, most_spans = 20'000;

json::value finite(double x) {
  return std::isfinite(x) ? json::value(x) : json::value(nullptr);
}

/// Whether a trial may be the best: it has not failed, meets all constraints, and has all
/// objectives.
bool may_be_best(const study& s, const trial_summary& t) {
  const auto& m = compared_metrics(t);
  const auto is_met = [&](const std::string& name) {
    const double* x = m.find(name);
    return x && *x <= 0;
  };
  const auto is_there = [&](const objective& o) {
    const double* x = m.find(o.metric);
    return x && !std::isnan(*x);
  };
  const auto all = s.objectives();
  return t.state != trial_state::failed && std::ranges::all_of(s.constraints, is_met) &&
         (t.score || std::ranges::all_of(all, is_there));
}

double seconds(std::int64_t ns) {
  return std::round(static_cast<double>(ns) / 1e6) / 1e3;
}

/// What only events tell.
class event_gatherer {
public:
  event_gatherer(std::string metric, std::size_t trials)
      : metric_{std::move(metric)},
        curves_(trials),
        ended_s_(trials) {}

  void take(const event& e) {
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
    ended_s_[*e.trial] = seconds(e.time_ns - first_ns_);
  }

  json::array ended() const { return json::array(ended_s_.begin(), ended_s_.end()); }

  json::array spans() const {
    json::array all;
    for (const auto& s : thinned(slots_.spans(), most_spans))
      all.push_back(json::array{s.trial, s.slot, seconds(s.begin_ns - first_ns_),
                                seconds(s.end_ns - first_ns_)});
    return all;
  }

  /// Of the trials `first`, and of others at even distances.
  json::array curves(const std::vector<trial_number>& first, std::size_t& left_out) const {
    std::vector<trial_number> others, chosen;
    for (const auto n : first)
      if (curves_[n].size() > 1 && chosen.size() < most_curves / 2) chosen.push_back(n);
    for (trial_number n = 0; n < curves_.size(); ++n)
      if (curves_[n].size() > 1 && std::ranges::find(chosen, n) == chosen.end())
        others.push_back(n);
    const auto all = chosen.size() + others.size();
    for (const auto n : thinned(std::move(others), most_curves - chosen.size()))
      chosen.push_back(n);
    left_out = all - chosen.size();
    json::array drawn;
    for (const auto n : chosen) {
      json::array x, y;
      for (const auto& [iteration, value] : thinned(curves_[n], most_points)) {
        x.emplace_back(iteration);
        y.push_back(finite(value));
      }
      drawn.push_back(json::object{{"trial", n}, {"x", std::move(x)}, {"y", std::move(y)}});
    }
    return drawn;
  }

private:
  std::string metric_;
  std::int64_t first_ns_ = 0;
  busy_slots slots_;
  std::vector<std::vector<std::pair<int, double>>> curves_;
  std::vector<double> ended_s_;
};

/// Texts, each once, by their places.
class text_list {
public:
  int place_of(std::string_view text) {
    if (text.empty()) return -1;
    const auto [found, is_new] =
        places_.emplace(std::string{text}, static_cast<int>(places_.size()));
    if (is_new) texts_.emplace_back(text);
    return found->second;
  }

  json::array take() { return std::move(texts_); }

private:
  std::map<std::string, int> places_;
  json::array texts_;
};

bool is_log(const search_space& space, std::string_view path) {
  const auto found = std::ranges::find(space.entries(), path, &search_space::entry::path);
  if (found == space.entries().end()) return false;
  return std::visit(
      [](const auto& d) {
        using law = std::decay_t<decltype(d)>;
        if constexpr (std::is_same_v<law, loguniform> || std::is_same_v<law, qloguniform> ||
                      std::is_same_v<law, lograndint> || std::is_same_v<law, qlograndint>)
          return true;
        else if constexpr (requires { d.log; })
          return static_cast<bool>(d.log);
        else
          return false;
      },
      found->domain);
}

/// Returns the trials that have a value, the best first.
std::vector<trial_number> ranking(const study& s, const std::vector<double>& values) {
  std::vector<trial_number> order;
  for (trial_number n = 0; n < values.size(); ++n)
    if (!std::isnan(values[n])) order.push_back(n);
  const double sign = s.mode == direction::min ? 1 : -1;
  std::ranges::stable_sort(order, {}, [&](trial_number n) { return sign * values[n]; });
  return order;
}

json::array column_of(const table& t, std::size_t place) {
  json::array cells;
  for (const auto& row : t.rows)
    cells.push_back(row[place].is_double() ? number(row[place].get_double()) : row[place]);
  return cells;
}

constexpr std::array states{trial_state::pending,    trial_state::running, trial_state::paused,
                            trial_state::completed,  trial_state::stopped, trial_state::failed,
                            trial_state::interrupted};

} // namespace

json::object report_data(const opened_results& study, const std::string& state) {
  const auto& s = study.study();
  const auto& r = study.results();
  event_gatherer events{r.metric, r.trials.size()};
  study.for_each_event([&](const event& e) { events.take(e); });

  std::vector<double> values;
  text_list reasons;
  json::array state_places, reason_places, value_cells, iterations, walls, names;
  for (const auto& t : r.trials) {
    const auto value = may_be_best(s, t) ? compared_value(r, t) : std::nullopt;
    values.push_back(value.value_or(std::nan("")));
    value_cells.push_back(value ? number(*value) : json::value(nullptr));
    state_places.emplace_back(std::ranges::find(states, t.state) - states.begin());
    reason_places.emplace_back(reasons.place_of(t.reason));
    iterations.emplace_back(t.iterations);
    walls.emplace_back(seconds(static_cast<std::int64_t>(t.wall_s * 1e9)));
    names.emplace_back(name_of(r.trial_name, t.number, t.config));
  }
  json::array parameters, metrics, parameter_cells, metric_cells;
  const auto all = trial_table(r, s.space);
  for (std::size_t i = 0; i < all.columns.size(); ++i) {
    const std::string_view full = all.columns[i].full_name;
    if (full.starts_with("config/") && all.columns[i].shown) {
      const auto path = full.substr(std::string_view{"config/"}.size());
      parameters.push_back(json::object{{"name", path}, {"log", is_log(s.space, path)}});
      parameter_cells.push_back(column_of(all, i));
    } else if (full.starts_with("metrics/")) {
      metrics.emplace_back(full.substr(std::string_view{"metrics/"}.size()));
      metric_cells.push_back(column_of(all, i));
    }
  }
  json::array objectives, pareto, shares, state_names;
  for (const auto& o : s.objectives())
    objectives.emplace_back(o.metric);
  for (const auto n : r.pareto_front)
    pareto.emplace_back(n);
  for (const auto& row : importance_of(s, r).shares.rows)
    shares.push_back(json::array(row.begin(), row.end()));
  for (const auto one : states)
    state_names.emplace_back(to_string(one));
  std::size_t left_out = 0;
  auto curves = events.curves(ranking(s, values), left_out);
  return {{"name", r.name},
          {"metric", r.metric},
          {"mode", s.mode == direction::min ? "min" : "max"},
          {"objectives", std::move(objectives)},
          {"state", state},
          {"reason", r.interrupted},
          {"wall_s", r.wall_s},
          {"best", r.best ? json::value(*r.best) : json::value(nullptr)},
          {"pareto", std::move(pareto)},
          {"study", to_json(s)},
          {"importance", std::move(shares)},
          {"parameters", std::move(parameters)},
          {"metrics", std::move(metrics)},
          {"reasons", reasons.take()},
          {"states", std::move(state_names)},
          {"trials", json::object{{"state", std::move(state_places)},
                                  {"reason", std::move(reason_places)},
                                  {"value", std::move(value_cells)},
                                  {"iterations", std::move(iterations)},
                                  {"wall_s", std::move(walls)},
                                  {"ended_s", events.ended()},
                                  {"name", std::move(names)},
                                  {"parameters", std::move(parameter_cells)},
                                  {"metrics", std::move(metric_cells)}}},
          {"curves", std::move(curves)},
          {"curves_left_out", left_out},
          {"spans", events.spans()}};
}

} // namespace troupe
