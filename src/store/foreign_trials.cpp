#include "store/foreign_trials.hpp"

#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

/// Returns the value that Optuna's storage knows by this number; none if it is not understood.
std::optional<json::value> value_of(double number, std::string_view distribution) {
  try {
    const auto d = parse_json(distribution).as_object();
    const auto& name = d.at("name").as_string();
    if (name == "CategoricalDistribution") {
      const auto& choices = d.at("attributes").at("choices").as_array();
      return choices.at(static_cast<std::size_t>(number));
    }
    if (name.starts_with("Int")) return json::value(std::llround(number));
    return json::value(number);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// Columns `value` and `value_type` at `at`.
double number_at(const sqlite::statement& row, int at) {
  const auto type = row.text(at + 1);
  if (type == "INF_POS") return std::numeric_limits<double>::infinity();
  if (type == "INF_NEG") return -std::numeric_limits<double>::infinity();
  return row.real(at);
}

constexpr std::string_view trials_of_others =
    "SELECT trial_id FROM trials WHERE state = 'COMPLETE' AND study_id = ?1 AND trial_id NOT IN "
    "(SELECT trial_id FROM optuna_trials) ORDER BY trial_id";
constexpr std::string_view trials_of_optuna =
    "SELECT trial_id FROM trials WHERE state = 'COMPLETE' AND study_id = ?1 ORDER BY trial_id";

/// Reads completed trials, which `which` selects.
class optuna_trial_reader {
public:
  optuna_trial_reader(sqlite::database& db, const study& s, std::string_view which)
      : study_{s},
        trials_{db, which},
        parameters_{db, "SELECT param_name, param_value, distribution_json FROM trial_params WHERE "
                        "trial_id = ?1 ORDER BY param_id"},
        values_{db, "SELECT objective, value, value_type FROM trial_values WHERE trial_id = ?1"},
        constraints_{db, "SELECT value_json FROM trial_system_attributes WHERE trial_id = ?1 AND "
                         "\"key\" = 'constraints'"} {}

  std::vector<known_trial> read(std::int64_t study_id) {
    std::vector<known_trial> all;
    trials_.bind(1, study_id);
    while (trials_.step()) {
      const auto id = trials_.integer(0);
      known_trial t{"Optuna", parameters_of(id), metrics_of(id), id};
      const auto objectives = study_.objectives();
      const bool judged = std::ranges::all_of(
          objectives, [&](const objective& o) { return t.metrics.find(o.metric) != nullptr; });
      if (judged) all.push_back(std::move(t));
    }
    return all;
  }

private:
  std::vector<std::pair<std::string, json::value>> parameters_of(std::int64_t id) {
    std::vector<std::pair<std::string, json::value>> found;
    parameters_.bind(1, id);
    while (parameters_.step()) {
      std::string name{parameters_.text(0)};
      auto value = value_of(parameters_.real(1), parameters_.text(2));
      if (value && study_.space.index_of(name))
        found.emplace_back(std::move(name), std::move(*value));
    }
    parameters_.reset();
    return found;
  }

  metrics metrics_of(std::int64_t id) {
    metrics found;
    const auto objectives = study_.objectives();
    values_.bind(1, id);
    while (values_.step())
      if (const auto at = static_cast<std::size_t>(values_.integer(0)); at < objectives.size())
        found.set(objectives[at].metric, number_at(values_, 1));
    values_.reset();
    constraints_.bind(1, id);
    if (constraints_.step()) add_constraints(found, constraints_.text(0));
    constraints_.reset();
    return found;
  }

  void add_constraints(metrics& m, std::string_view text) const {
    try {
      const auto list = parse_json(text).as_array();
      for (std::size_t i = 0; i < std::min(list.size(), study_.constraints.size()); ++i)
        m.set(study_.constraints[i], list[i].to_number<double>());
    } catch (const std::exception&) {
      // Not a list of numbers: whoever wrote it meant something else.
    }
  }

  const study& study_;
  sqlite::statement trials_, parameters_, values_, constraints_;
};

/// Returns whether there may be trials of others. Those have greater numbers than all before them:
/// as many trials with the same sum are the same trials.
bool may_have_others(sqlite::database& db) {
  return db.select_integer(
             "SELECT (SELECT count(*) || ' ' || sum(trial_id) FROM trials WHERE study_id = (SELECT "
             "CAST(value AS INTEGER) FROM meta WHERE key = 'optuna_study')) IS NOT (SELECT "
             "count(*) "
             "|| ' ' || sum(trial_id) FROM optuna_trials)") != 0;
}

} // namespace

std::vector<known_trial> foreign_trials(sqlite::database& db, const study& s) {
  if (!may_have_others(db)) return {};
  const auto own =
      db.select_integer("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'optuna_study'");
  return optuna_trial_reader{db, s, trials_of_others}.read(own.value_or(0));
}

std::vector<known_trial> completed_optuna_trials(sqlite::database& db, std::int64_t study_id,
                                                 const study& s) {
  return optuna_trial_reader{db, s, trials_of_optuna}.read(study_id);
}

} // namespace troupe
