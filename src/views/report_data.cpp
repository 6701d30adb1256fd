#include "views/report_data.hpp"

#include "base/json.hpp"
#include "search/life/judging.hpp"
#include "views/compared_value.hpp"
#include "views/importance.hpp"
#include "views/past_events.hpp"
#include "views/trial_states.hpp"
#include "views/trial_table.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

namespace {

namespace json = boost::json;

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

json::array column_of(const table& t, std::size_t place) {
  json::array cells;
  for (const auto& row : t.rows)
    cells.push_back(row[place].is_double() ? number(row[place].get_double()) : row[place]);
  return cells;
}

/// Puts one part after the other into the page's data.
class report_builder {
public:
  explicit report_builder(const opened_results& study)
      : study_{study},
        s_{study.study()},
        r_{study.results()},
        best_first_{ranked(s_, r_.trials)} {}

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
    for (const auto one : trial_states)
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
    std::vector<bool> may_be_best(r_.trials.size());
    for (const auto n : best_first_)
      may_be_best[n] = true;
    text_list reasons;
    json::array state_places, reason_places, values, iterations, walls, names;
    for (const auto& t : r_.trials) {
      const auto value = may_be_best[t.number] ? compared_value(r_, t) : std::nullopt;
      values.push_back(value ? number(*value) : json::value(nullptr));
      state_places.emplace_back(std::ranges::find(trial_states, t.state) - trial_states.begin());
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
    data_["curves"] = events.curves(best_first_, left_out);
    data_["curves_left_out"] = left_out;
    data_["spans"] = events.spans();
    trials_["ended_s"] = events.ended();
  }

  const opened_results& study_;
  const study& s_;
  const study_results& r_;
  std::vector<trial_number> best_first_; ///< Those that may be the best.
  json::object data_, trials_;
};

} // namespace

json::object report_data(const opened_results& study, const std::string& state) {
  return report_builder{study}.build(state);
}

} // namespace troupe
