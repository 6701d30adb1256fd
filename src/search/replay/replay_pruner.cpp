#include "base/json.hpp"
#include "base/values.hpp"
#include "search/replay/replay_fields.hpp"
#include "search/schedulers/pruning_rule.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr double p_tolerance = 1e-9;

/// A pruner of Optuna and the rule that does the same.
struct known_pruner {
  std::string_view pruner, rule;
};

constexpr known_pruner known_pruners[] = {
    {"median", "optuna_median"},
    {"percentile", "optuna_percentile"},
    {"successive_halving", "optuna_successive_halving"},
    {"hyperband", "optuna_hyperband"},
    {"wilcoxon", "wilcoxon"},
    {"patient", "patient"},
    {"threshold", "threshold"},
};

std::string_view rule_name(std::string_view pruner) {
  for (const auto& known : known_pruners)
    if (known.pruner == pruner) return known.rule;
  throw std::invalid_argument{fmt::format("unknown pruner \"{}\"", pruner)};
}

/// Returns the options of the rule for the `params` of a recorded pruner.
json::object rule_options(json::object params) {
  const auto at = params.find("wrapped_pruner");
  if (at == params.end()) return params;
  auto wrapped = std::move(at->value());
  params.erase(at);
  if (wrapped.is_object()) {
    auto options = rule_options(object_at(wrapped.get_object(), "params"));
    options["name"] = rule_name(text_at(wrapped.get_object(), "pruner"));
    wrapped = std::move(options);
  }
  params["wrapped_pruner"] = std::move(wrapped);
  return params;
}

direction direction_of(const json::object& recorded) {
  const auto word = text_at(recorded, "direction");
  if (word != "minimize" && word != "maximize")
    throw std::invalid_argument{"\"direction\" must be \"minimize\" or \"maximize\""};
  return word == "minimize" ? direction::min : direction::max;
}

std::int64_t whole_number_at(const json::object& o, std::string_view key, std::int64_t most) {
  const auto n = whole_number(need(o, key));
  if (!n || *n < 0 || *n > most)
    throw std::invalid_argument{
        fmt::format("\"{}\" must be a whole number from 0 to {}", key, most)};
  return *n;
}

bool agree(const json::value& recorded, const json::value& mine) {
  if (recorded.is_double() && mine.is_double())
    return std::abs(recorded.get_double() - mine.get_double()) <= p_tolerance;
  return recorded == mine;
}

class pruner_replay {
public:
  explicit pruner_replay(const json::object& recorded)
      : mode_{direction_of(recorded)},
        rule_{make_pruning_rule(rule_name(text_at(recorded, "pruner")),
                                rule_options(object_at(recorded, "params")),
                                {mode_, std::string{text_at(recorded, "study")}})} {}

  /// Replays the next event and puts the outcomes into it.
  void play(json::value& next) {
    ++index_;
    try {
      if (!next.is_object()) throw std::invalid_argument{"is not an object"};
      play(next.get_object());
    } catch (const std::invalid_argument& e) {
      throw std::invalid_argument{fmt::format("event {}: {}", index_, e.what())};
    }
  }

  std::vector<difference> differences() && { return std::move(differences_); }

private:
  void play(json::object& event) {
    const auto op = text_at(event, "op");
    const auto n = static_cast<trial_number>(
        whole_number_at(event, "trial", std::numeric_limits<trial_number>::max()));
    if (op == "start")
      start(n);
    else if (op == "report")
      report(n, event);
    else if (op == "finish")
      finish(n, event);
    else
      throw std::invalid_argument{
          fmt::format("unknown op \"{}\"; known are start, report, finish", op)};
  }

  void start(trial_number n) {
    if (!running_.try_emplace(n, mode_).second)
      throw std::invalid_argument{fmt::format("trial {} is running already", n)};
  }

  void report(trial_number n, json::object& event) {
    auto& reports = reports_of(n);
    reports.add(whole_number_at(event, "step", std::int64_t{1} << 53), number_at(event, "value"));
    const auto mine = rule_->judge(n, reports);
    settle(event, "prune", mine.prune);
    settle(event, "p", mine.p ? json::value(*mine.p) : nullptr);
    settle(event, "bracket", mine.bracket ? json::value(*mine.bracket) : nullptr);
  }

  void finish(trial_number n, const json::object& event) {
    const auto& reports = reports_of(n);
    const auto state = text_at(event, "state");
    if (state == "COMPLETE")
      rule_->completed(n, reports, number_at(event, "value"));
    else if (state == "PRUNED" || state == "FAIL")
      rule_->forget(n);
    else
      throw std::invalid_argument{"\"state\" must be COMPLETE, PRUNED or FAIL"};
    running_.erase(n);
  }

  report_history& reports_of(trial_number n) {
    const auto found = running_.find(n);
    if (found == running_.end())
      throw std::invalid_argument{fmt::format("trial {} is not running", n)};
    return found->second;
  }

  /// Puts `mine`, null if there is no such outcome, under `key` of the event, and notes a
  /// difference from what was recorded there.
  void settle(json::object& event, std::string_view key, json::value mine) {
    const auto place = event.if_contains(key);
    if (!place) {
      if (!mine.is_null()) event.emplace(key, std::move(mine));
      return;
    }
    const auto recorded = std::exchange(*place, std::move(mine));
    if (!agree(recorded, *place)) differences_.push_back({index_, plain(recorded), plain(*place)});
  }

  direction mode_;
  std::unique_ptr<pruning_rule> rule_;
  std::unordered_map<trial_number, report_history> running_;
  std::size_t index_ = 0;
  std::vector<difference> differences_;
};

} // namespace

replayed_case replay_pruner(json::object recorded) {
  pruner_replay run{recorded};
  auto& events = events_of(recorded);
  for (auto& event : events)
    run.play(event);
  const auto count = events.size();
  return {std::move(recorded), count, std::move(run).differences()};
}

} // namespace troupe
