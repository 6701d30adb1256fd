#include "search/life/study_course.hpp"
#include "search/space/space_sampler.hpp"
#include "search/space/variants.hpp"

#include <troupe/random.hpp>

#include <algorithm>
#include <limits>
#include <utility>

/// Another part of study_course: what somebody may do to a study that is under way.
namespace troupe {

std::optional<trial_number> study_course::add(const config& given, const std::string& by,
                                              std::int64_t now, addition how) {
  go_live();
  if (ended_ || machine_.winding_up() || machine_.finished()) return std::nullopt;
  const trial_number n = machine_.next_number();
  const bool within = how == addition::within && n < machine_.total();
  machine_.add_for(by, completed_by_chance(given, n), within, now);
  adopt(n);
  return n;
}

config study_course::completed_by_chance(const config& given, trial_number n) const {
  const study& s = machine_.subject();
  if (s.space.entries().empty()) return given; // a program's function says what there is
  return completed(s.space, given, random_stream{s.seed, n, "added"}());
}

std::optional<trial_number> study_course::know(const known_trial& known, std::int64_t now) {
  go_live();
  if (ended_ || machine_.winding_up()) return std::nullopt;
  config given;
  for (const auto& [path, value] : known.parameters)
    troupe::place(given, path, value);
  const trial_number n = machine_.next_number();
  auto all = completed_by_chance(given, n);
  if (const auto drawn = drawn_beyond(machine_.subject().space, given, all); !drawn.empty())
    throw std::invalid_argument{"the parameter " + drawn + " is missing"};
  machine_.add_known(known, std::move(all), now);
  adopt(n);
  machine_.start(n, lease{}, now);
  machine_.report(n, 1, known.metrics, false, 0, now);
  observe(n);
  machine_.exited(n, 1, std::nullopt, now);
  forget(n, false);
  return n;
}

void study_course::know_all(const std::vector<known_trial>& all, std::int64_t now) {
  for (const known_trial& known : all)
    try {
      know(known, now);
    } catch (const std::invalid_argument&) {
      // Its values are not of the space: it is none of this study's.
    }
}

/// Trial `n`, which somebody has asked for, takes its place among the others; if its results are
/// known, the scheduler has nothing to do with it.
void study_course::adopt(trial_number n) {
  adopted_.push_back(n);
  inform({machine_.last_seq(), as_searcher_counts(n), {}, {}, false, machine_.config_of(n)});
  if (!machine_.is_known(n)) queue(n);
}

/// What searchers enumerate, grids say, has no gaps where others have added trials: those get the
/// numbers from the top down.
trial_number study_course::as_searcher_counts(trial_number n) const noexcept {
  const auto at = std::ranges::lower_bound(adopted_, n);
  const auto before = static_cast<trial_number>(at - adopted_.begin());
  const bool adopted = at != adopted_.end() && *at == n;
  return adopted ? std::numeric_limits<trial_number>::max() - before : n - before;
}

/// Returns why nothing can be done to the study any more; empty if it can.
std::string study_course::over_already() const {
  if (ended_ || machine_.has_ended()) return "the study has ended";
  if (machine_.last_seq() == 0) return "the study has not begun";
  return machine_.winding_up() ? "the study winds up" : "";
}

std::string study_course::stop(trial_number n, const cause& why, std::int64_t now) {
  go_live();
  if (auto over = over_already(); !over.empty()) return over;
  if (n >= machine_.next_number()) return "there is no trial " + trial_id(n);
  if (judging_.contains(n)) { // what the scheduler makes of the last report comes first
    ended_later_.emplace(n, early_end{why});
    return {};
  }
  const bool waited = waits(n);
  const bool counts_as_running = machine_.returning().contains(n); // for the scheduler
  if (!end_early(n, {why}, now))
    return "trial " + trial_id(n) +
           (is_final(machine_.state_of(n))
                ? " has ended already: it is " + std::string{to_string(machine_.state_of(n))}
                : " is ending already");
  if (waited)
    forget(n, !counts_as_running);
  else
    crew_->stop(n, why.text);
  return {};
}

std::string study_course::pause(const std::string& by, std::int64_t now) {
  go_live();
  if (auto over = over_already(); !over.empty()) return over;
  if (machine_.paused()) return {};
  machine_.pause_study(by, now);
  if (placing_ == placing::waiting_for_slot) withdraw();
  return {};
}

std::string study_course::go_on(std::int64_t now) {
  go_live();
  if (auto over = over_already(); !over.empty()) return over;
  if (machine_.paused()) machine_.go_on(now);
  return {};
}

std::string study_course::change_limits(const study_limits& limits, const std::string& by,
                                        std::int64_t now) {
  go_live();
  if (auto over = over_already(); !over.empty()) return over;
  machine_.change_limits(limits, by, now);
  searcher_waits_ = false;
  return {};
}

std::string study_course::retry_failed(trial_number n, std::int64_t now) {
  go_live();
  if (auto over = over_already(); !over.empty()) return over;
  if (n >= machine_.next_number()) return "there is no trial " + trial_id(n);
  if (const auto state = machine_.state_of(n); state != trial_state::failed)
    return "trial " + trial_id(n) + " has not failed: it is " + std::string{to_string(state)};
  machine_.retry(n, now);
  queue(n);
  return {};
}

void study_course::expire(trial_number n, const cause& why, std::int64_t now) {
  go_live();
  const early_end out_of_time{why, true};
  if (judging_.contains(n))
    ended_later_.emplace(n, out_of_time);
  else if (!ended_ && end_early(n, out_of_time, now))
    crew_->stop(n, why.text);
}

bool study_course::end_early(trial_number n, const early_end& e, std::int64_t now) {
  return e.out_of_time ? machine_.expire(n, e.why, now) : machine_.stop(n, e.why, now);
}

void study_course::wind_up(const cause& why, trial_state running_become, std::int64_t now) {
  go_live();
  if (ended_ || machine_.winding_up()) return;
  begin(now);
  for (const trial_number n : machine_.wind_up(why, running_become, now))
    crew_->stop(n, why.text);
  if (placing_ == placing::waiting_for_slot) withdraw();
}

void study_course::end(std::int64_t now) {
  ended_ = true;
  machine_.end(now);
  drop_unneeded();
}

void study_course::saved(trial_number n, int checkpoint, std::int64_t now) {
  machine_.saved(n, checkpoint, now);
  drop_unneeded();
}

void study_course::drop_unneeded() {
  for (const auto& [owner, checkpoint] : machine_.take_unneeded())
    crew_->drop(owner, checkpoint);
}

} // namespace troupe
