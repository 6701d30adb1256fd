#include "search/replay/replay.hpp"

#include "base/values.hpp"
#include "search/replay/replay_cast.hpp"
#include "search/replay/replay_fields.hpp"
#include "search/schedulers/registry.hpp"

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
#include <utility>
#include <vector>

namespace troupe {

namespace {

namespace json = boost::json;

struct verdict_word {
  verdict meaning;
  std::string_view word;
};

constexpr verdict_word verdict_words[] = {
    {verdict::proceed, "CONTINUE"}, {verdict::stop, "STOP"}, {verdict::pause, "PAUSE"}};

json::value amount_of(const resources& r) {
  return {{"cpu", plain_number(r.cpu)},
          {"gpu", plain_number(r.gpu)},
          {"memory_gb", plain_number(r.memory_gb)}};
}

json::value word(verdict v) {
  for (const auto& known : verdict_words)
    if (known.meaning == v) return json::value(known.word);
  throw std::logic_error{"verdict without a word"};
}

result result_of(const json::object& event, std::size_t objectives) {
  const auto values = values_at(event, "value");
  if (values.size() != objectives)
    throw std::invalid_argument{
        fmt::format("\"value\" must have {} numbers, as \"mode\" has directions", objectives)};
  return {number_at(event, "t"), values.front(), {values.begin() + 1, values.end()}};
}

verdict as_verdict(const json::value& v) {
  for (const auto& known : verdict_words)
    if (v == json::value(known.word)) return known.meaning;
  throw std::invalid_argument{"\"decision\" must be CONTINUE, STOP or PAUSE"};
}

std::uint64_t seed_at(const json::object& recorded) {
  const auto& v = need(recorded, "seed");
  if (v.is_uint64()) return v.get_uint64();
  const auto seed = whole_number(v);
  if (!seed || *seed < 0) throw std::invalid_argument{"\"seed\" must be a whole number"};
  return static_cast<std::uint64_t>(*seed);
}

/// Cases are Ray Tune's, so they are replayed with its faults, which schedulers have only if asked.
bool has_ray_mode(std::string_view name) {
  const auto known = find_scheduler(name);
  return known && std::ranges::find(known->about.options, "compat", &option::key) !=
                      known->about.options.end();
}

std::unique_ptr<correctable_scheduler> scheduler_of(const json::object& recorded) {
  study s;
  const auto modes = modes_of(recorded);
  s.mode = modes.front();
  for (std::size_t i = 1; i < modes.size(); ++i)
    s.further_objectives.push_back({fmt::format("objective {}", i + 1), modes[i]});
  if (recorded.contains("study")) s.name = text_at(recorded, "study");
  if (recorded.contains("seed")) s.seed = seed_at(recorded);
  if (recorded.contains("cpus")) s.cpus = number_at(recorded, "cpus");
  if (recorded.contains("gpus")) s.gpus = number_at(recorded, "gpus");
  if (recorded.contains("resources")) {
    const auto& amount = object_at(recorded, "resources");
    s.per_trial = {number_at(amount, "cpu"), number_at(amount, "gpu"), 0};
  }
  s.scheduler = {std::string{text_at(recorded, "scheduler")}, object_at(recorded, "params")};
  if (has_ray_mode(s.scheduler.name)) s.scheduler.options.emplace("compat", "ray");
  return make_correctable_scheduler(s);
}

/// What a scheduler does to trials other than by its verdict.
struct effects {
  std::vector<trial_number> stopped;
  std::vector<exploit> exploits;
  std::vector<resize> resizes;

  void add(const decision& d) {
    stopped.insert(stopped.end(), d.also_stop.begin(), d.also_stop.end());
    exploits.insert(exploits.end(), d.exploits.begin(), d.exploits.end());
    resizes.insert(resizes.end(), d.resizes.begin(), d.resizes.end());
  }
};

class case_replay {
public:
  explicit case_replay(const json::object& recorded)
      : objectives_{modes_of(recorded).size()},
        scheduler_{scheduler_of(recorded)} {}

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
    const auto mine = aftermath();
    if (event.contains("config")) trials_.settings(n) = object_at(event, "config");
    scheduler_->configured(n, trials_.settings(n));
    scheduler_->added(n);
    trials_.state(n) = trial_state::pending;
    if (!actions_of(mine).empty() || event.contains("actions")) act(event, mine);
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
    act(event, aftermath());
  }

  void report(json::object& event) {
    const auto n = trials_.find(text_at(event, "trial"));
    const auto r = result_of(event, objectives_);
    run(n);
    const auto mine = scheduler_->reported(n, r);
    const auto recorded = as_verdict(settle(event, "decision", word(mine.verdict)));
    const bool pauses = recorded == verdict::pause;
    const auto state = pauses ? trial_state::paused : trial_state::running;
    if (recorded != mine.verdict) scheduler_->correct(n, state);
    trials_.state(n) = state;
    effects all;
    all.add(mine);
    if (recorded == verdict::stop) {
      end(n, r);
      for (const auto& d : scheduler_->aftermath())
        all.add(d);
    }
    act(event, all);
  }

  void complete(json::object& event) {
    const auto n = trials_.find(text_at(event, "trial"));
    const auto r = result_of(event, objectives_);
    run(n);
    end(n, r);
    act(event, aftermath());
  }

  /// Returns what follows because others have ended.
  effects aftermath() {
    effects all;
    for (const auto& d : scheduler_->aftermath())
      all.add(d);
    return all;
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

  /// Settles the actions of an event, in which the scheduler did `mine`, and does what was
  /// recorded.
  void act(json::object& event, const effects& mine) {
    const auto recorded = settle(event, "actions", actions_of(mine));
    if (!recorded.is_array()) throw std::invalid_argument{"\"actions\" must be an array"};
    for (const auto& action : recorded.get_array())
      act(action);
    for (const auto& e : mine.exploits)
      scheduler_->configured(e.trial, trials_.settings(e.trial));
  }

  json::array actions_of(const effects& mine) const {
    json::array all;
    for (const auto n : mine.stopped)
      all.push_back({"stop", json::value(trials_.name(n))});
    for (const auto& e : mine.exploits)
      all.push_back({"exploit", json::value(trials_.name(e.trial)),
                     json::value(trials_.name(e.donor)), e.config});
    for (const auto& r : mine.resizes)
      all.push_back({"resources", json::value(trials_.name(r.trial)), amount_of(r.request)});
    return all;
  }

  void act(const json::value& action) {
    const auto* parts = action.if_array();
    const auto is = [parts](std::string_view name, std::size_t size) {
      return parts && parts->size() == size && (*parts)[0] == json::value(name);
    };
    if (is("stop", 2))
      stop(trials_.find(as_text("stop", (*parts)[1])));
    else if (is("exploit", 4))
      take_over(trials_.find(as_text("exploit", (*parts)[1])), (*parts)[3]);
    else if (is("resources", 3))
      trials_.find(as_text("resources", (*parts)[1])); // what it has is the scheduler's affair
    else
      throw std::invalid_argument{
          R"(an action must be ["stop", trial] or ["exploit", trial, donor, config] )"
          R"(or ["resources", trial, request])"};
  }

  void stop(trial_number n) {
    if (is_final(trials_.state(n))) return;
    scheduler_->removed(n);
    trials_.state(n) = trial_state::stopped;
  }

  void take_over(trial_number n, const json::value& settings) {
    if (!settings.is_object()) throw std::invalid_argument{"a config must be an object"};
    trials_.settings(n) = settings.get_object();
    if (!is_final(trials_.state(n))) scheduler_->configured(n, trials_.settings(n));
  }

  /// Puts `mine` under `key` of the event and returns what was recorded there; notes a difference.
  json::value settle(json::object& event, std::string_view key, json::value mine) {
    const auto place = event.if_contains(key);
    if (!place) return event.emplace(key, std::move(mine)).first->value();
    auto recorded = std::exchange(*place, std::move(mine));
    if (recorded != *place) differences_.push_back({index_, plain(recorded), plain(*place)});
    return recorded;
  }

  std::size_t objectives_;
  std::unique_ptr<correctable_scheduler> scheduler_;
  replay_cast trials_;
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
