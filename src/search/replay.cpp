#include "search/replay.hpp"

#include "search/correctable_scheduler.hpp"
#include "search/replay_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

struct verdict_word {
  verdict meaning;
  std::string_view word;
};

constexpr verdict_word verdict_words[] = {
    {verdict::proceed, "CONTINUE"}, {verdict::stop, "STOP"}, {verdict::pause, "PAUSE"}};

/// Cases are Ray Tune's, so these are replayed with its faults, which they have only if asked.
constexpr std::string_view ray_compatible[] = {"hyperband"};

json::value word(verdict v) {
  for (const auto& known : verdict_words)
    if (known.meaning == v) return json::value(known.word);
  throw std::logic_error{"verdict without a word"};
}

result result_of(const json::object& event) {
  return {.time = number_at(event, "t"), .value = number_at(event, "value")};
}

verdict as_verdict(const json::value& v) {
  for (const auto& known : verdict_words)
    if (v == json::value(known.word)) return known.meaning;
  throw std::invalid_argument{"\"decision\" must be CONTINUE, STOP or PAUSE"};
}

std::unique_ptr<correctable_scheduler> scheduler_of(const json::object& recorded) {
  const auto mode = text_at(recorded, "mode");
  if (mode != "min" && mode != "max")
    throw std::invalid_argument{"\"mode\" must be \"min\" or \"max\""};
  study s;
  if (recorded.contains("study")) s.name = text_at(recorded, "study");
  s.mode = mode == "min" ? direction::min : direction::max;
  s.scheduler = {std::string{text_at(recorded, "scheduler")}, object_at(recorded, "params")};
  if (std::ranges::find(ray_compatible, s.scheduler.name) != std::end(ray_compatible))
    s.scheduler.options.emplace("compat", "ray");
  return make_correctable_scheduler(s);
}

/// The trials of a case: what they are called, and where the record says they are in their lives.
class cast {
public:
  /// Returns the trial's number; a new one for a new name.
  trial_number enter(std::string_view name) {
    const auto next = static_cast<trial_number>(names_.size());
    const auto [at, is_new] = numbers_.try_emplace(std::string{name}, next);
    if (is_new) {
      names_.emplace_back(name);
      states_.push_back(trial_state::pending);
    }
    return at->second;
  }

  /// Returns the number of a trial; throws std::invalid_argument if it was never added.
  trial_number find(std::string_view name) const {
    const auto found = numbers_.find(std::string{name});
    if (found == numbers_.end())
      throw std::invalid_argument{fmt::format("trial \"{}\" was never added", name)};
    return found->second;
  }

  const std::string& name(trial_number n) const { return names_.at(n); }
  trial_state& state(trial_number n) { return states_.at(n); }

private:
  std::unordered_map<std::string, trial_number> numbers_;
  std::vector<std::string> names_;
  std::vector<trial_state> states_;
};

class case_replay {
public:
  explicit case_replay(const json::object& recorded) : scheduler_{scheduler_of(recorded)} {}

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
    if (op == "add")
      add(event);
    else if (op == "choose")
      choose(event);
    else if (op == "result")
      report(event);
    else if (op == "complete")
      complete(event);
    else
      throw std::invalid_argument{
          fmt::format("unknown op \"{}\"; known are add, choose, result, complete", op)};
  }

  void add(json::object& event) {
    const auto n = trials_.enter(text_at(event, "trial"));
    if (trials_.state(n) == trial_state::running) scheduler_->failed(n);
    auto stopped = aftermath();
    scheduler_->added(n);
    trials_.state(n) = trial_state::pending;
    if (!stopped.empty() || event.contains("actions")) act(event, stopped);
  }

  void choose(json::object& event) {
    const auto mine = scheduler_->choose();
    const auto recorded = settle(event, "trial", mine ? json::value(trials_.name(*mine)) : nullptr);
    std::optional<trial_number> chosen;
    if (!recorded.is_null()) chosen = trials_.find(as_text("trial", recorded));
    if (mine && mine == chosen)
      trials_.state(*mine) = trial_state::running;
    else if (mine)
      scheduler_->correct(*mine, trials_.state(*mine));
    if (chosen) run(*chosen);
    act(event, {});
  }

  void report(json::object& event) {
    const auto n = trials_.find(text_at(event, "trial"));
    const auto r = result_of(event);
    run(n);
    const auto mine = scheduler_->reported(n, r);
    const auto recorded = as_verdict(settle(event, "decision", word(mine.verdict)));
    const bool pauses = recorded == verdict::pause;
    const auto state = pauses ? trial_state::paused : trial_state::running;
    if (recorded != mine.verdict) scheduler_->correct(n, state);
    trials_.state(n) = state;
    auto stopped = mine.also_stop;
    if (recorded == verdict::stop) {
      end(n, r);
      std::ranges::copy(aftermath(), std::back_inserter(stopped));
    }
    act(event, stopped);
  }

  void complete(json::object& event) {
    const auto n = trials_.find(text_at(event, "trial"));
    const auto r = result_of(event);
    run(n);
    end(n, r);
    act(event, aftermath());
  }

  /// Returns the trials that end because others have ended.
  std::vector<trial_number> aftermath() {
    std::vector<trial_number> stopped;
    for (const auto& d : scheduler_->aftermath())
      std::ranges::copy(d.also_stop, std::back_inserter(stopped));
    return stopped;
  }

  /// `n` runs, says the record. Where that contradicts what it said before, as it may once an
  /// outcome has been altered, the scheduler is set right.
  void run(trial_number n) {
    auto& state = trials_.state(n);
    if (is_final(state)) scheduler_->added(n);
    if (state != trial_state::running) scheduler_->correct(n, trial_state::running);
    state = trial_state::running;
  }

  void end(trial_number n, const result& last) {
    scheduler_->completed(n, last);
    trials_.state(n) = trial_state::completed;
  }

  /// Settles the actions of an event, in which the scheduler ended `stopped`, and does what was
  /// recorded.
  void act(json::object& event, const std::vector<trial_number>& stopped) {
    json::array mine;
    for (const auto n : stopped)
      mine.push_back({"stop", json::value(trials_.name(n))});
    const auto recorded = settle(event, "actions", std::move(mine));
    if (!recorded.is_array()) throw std::invalid_argument{"\"actions\" must be an array"};
    for (const auto& action : recorded.get_array()) {
      const auto parts = action.if_array();
      if (!parts || parts->size() != 2 || (*parts)[0] != json::value("stop"))
        throw std::invalid_argument{"an action must be [\"stop\", trial]"};
      const auto n = trials_.find(as_text("stop", (*parts)[1]));
      if (is_final(trials_.state(n))) continue;
      scheduler_->removed(n);
      trials_.state(n) = trial_state::stopped;
    }
  }

  /// Puts `mine` under `key` of the event and returns what was recorded there; notes a difference.
  json::value settle(json::object& event, std::string_view key, json::value mine) {
    const auto place = event.if_contains(key);
    if (!place) return event.emplace(key, std::move(mine)).first->value();
    auto recorded = std::exchange(*place, std::move(mine));
    if (recorded != *place) differences_.push_back({index_, plain(recorded), plain(*place)});
    return recorded;
  }

  std::unique_ptr<correctable_scheduler> scheduler_;
  cast trials_;
  std::size_t index_ = 0;
  std::vector<difference> differences_;
};

} // namespace

replayed_case replay(json::object recorded) {
  if (recorded.contains("pruner")) return replay_pruner(std::move(recorded));
  case_replay run{recorded};
  auto& events = events_of(recorded);
  for (auto& event : events)
    run.play(event);
  const auto count = events.size();
  return {std::move(recorded), count, std::move(run).differences()};
}

} // namespace troupe
