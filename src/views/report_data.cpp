#include "views/report_data.hpp"

#include "base/json.hpp"
#include "views/compared_value.hpp"
#include "views/importance.hpp"
#include "views/past_events.hpp"
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

/// Puts one part after the other into the page's data.
class report_builder {
public:
  explicit report_builder(const opened_results& study)
      : study_{study},
        s_{study.study()},
        r_{study.results()} {}

  json::object build(const std::string& state) && {
    data_["state"] = state;
    add_study();
    add_trials();
    add_columns();
    add_events();
    data_["trials"] = std::move(trials_);
    return std::move(data_);
  }

private:
  void add_study() {
    json::array objectives, pareto, shares, state_names;
    for (const auto& o : s_.objectives())
      objectives.emplace_back(o.metric);
    for (const auto n : r_.pareto_front)
      pareto.emplace_back(n);
    for (const auto& row : importance_of(s_, r_).shares.rows)
      shares.push_back(json::array(row.begin(), row.end()));
    for (const auto one : states)
      state_names.emplace_back(to_string(one));
    data_["name"] = r_.name;
    data_["metric"] = r_.metric;
    data_["mode"] = s_.mode == direction::min ? "min" : "max";
    data_["objectives"] = std::move(objectives);
    data_["reason"] = r_.interrupted;
    data_["wall_s"] = r_.wall_s;
    data_["best"] = r_.best ? json::value(*r_.best) : json::value(nullptr);
    data_["pareto"] = std::move(pareto);
    data_["study"] = to_json(s_);
    data_["importance"] = std::move(shares);
    data_["states"] = std::move(state_names);
  }

  void add_trials() {
    text_list reasons;
    json::array state_places, reason_places, values, iterations, walls, names;
    for (const auto& t : r_.trials) {
      const auto value = may_be_best(s_, t) ? compared_value(r_, t) : std::nullopt;
      values_.push_back(value.value_or(std::nan("")));
      values.push_back(value ? number(*value) : json::value(nullptr));
      state_places.emplace_back(std::ranges::find(states, t.state) - states.begin());
      reason_places.emplace_back(reasons.place_of(t.reason));
      iterations.emplace_back(t.iterations);
      walls.emplace_back(to_milliseconds(static_cast<std::int64_t>(t.wall_s * 1e9)));
      names.emplace_back(name_of(r_.trial_name, t.number, t.config));
    }
    trials_["state"] = std::move(state_places);
    trials_["reason"] = std::move(reason_places);
    trials_["value"] = std::move(values);
    trials_["iterations"] = std::move(iterations);
    trials_["wall_s"] = std::move(walls);
    trials_["name"] = std::move(names);
    data_["reasons"] = reasons.take();
  }

  void add_columns() {
    constexpr std::string_view of_config = "config/", of_metrics = "metrics/";
    json::array parameters, metrics, parameter_cells, metric_cells;
    const auto all = trial_table(r_, s_.space);
    for (std::size_t i = 0; i < all.columns.size(); ++i) {
      const std::string_view full = all.columns[i].full_name;
      if (full.starts_with(of_config) && all.columns[i].shown) {
        const auto path = full.substr(of_config.size());
        parameters.push_back(json::object{{"name", path}, {"log", is_log(s_.space, path)}});
        parameter_cells.push_back(column_of(all, i));
      } else if (full.starts_with(of_metrics)) {
        metrics.emplace_back(full.substr(of_metrics.size()));
        metric_cells.push_back(column_of(all, i));
      }
    }
    data_["parameters"] = std::move(parameters);
    data_["metrics"] = std::move(metrics);
    trials_["parameters"] = std::move(parameter_cells);
    trials_["metrics"] = std::move(metric_cells);
  }

  void add_events() {
    past_events events{r_.metric, r_.trials.size()};
    study_.for_each_event([&](const event& e) { events.take(e); });
    std::size_t left_out = 0;
    data_["curves"] = events.curves(ranking(s_, values_), left_out);
    data_["curves_left_out"] = left_out;
    data_["spans"] = events.spans();
    trials_["ended_s"] = events.ended();
  }

  const opened_results& study_;
  const study& s_;
  const study_results& r_;
  std::vector<double> values_; ///< By trial; NaN where it cannot be the best.
  json::object data_, trials_;
};

} // namespace

json::object report_data(const opened_results& study, const std::string& state) {
  return report_builder{study}.build(state);
}

} // namespace troupe
