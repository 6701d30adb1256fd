#include "search/life/study_course.hpp"
#include "search/space/space_sampler.hpp"
#include "search/space/variants.hpp"

#include <troupe/random.hpp>

#include <algorithm>
#include <limits>
#include <utility>

/// Another part of study_course: what somebody may do to a study that is under way.
namespace troupe {

namespace {

/// Throws std::invalid_argument if a parameter of `all` was drawn because `given` lacks it: what
/// was trained with it, nobody knows.
void refuse_if_drawn(const search_space& space, const config& given, const config& all) {
  for (const auto& e : space.entries()) {
    const bool follows =
        std::holds_alternative<constant>(e.domain) || std::holds_alternative<expression>(e.domain);
    if (!follows && find(all, e.path) && !find(given, e.path))
      throw std::invalid_argument{"the parameter " + e.path + " is missing"};
  }
}

} // namespace

std::optional<trial_number> study_course::add(const config& given, const std::string& by,
                                              std::int64_t now) {
  go_live();
  if (ended_ || machine_.winding_up() || machine_.finished()) return std::nullopt;
  const trial_number n = machine_.next_number();
  machine_.add_for(by, completed_by_chance(given, n), now);
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
  refuse_if_drawn(machine_.subject().space, given, all);
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

void study_course::stop(trial_number n, const cause& why, std::int64_t now) {
  go_live();
  if (ended_ || n >= machine_.next_number()) return;
  if (judging_.contains(n)) { // what the scheduler makes of the last report comes first
    ended_later_.emplace(n, early_end{why});
    return;
  }
  const bool waited = waits(n);
  const bool counts_as_running = machine_.returning().contains(n); // for the scheduler
  if (!end_early(n, {why}, now)) return;
  if (waited)
    forget(n, !counts_as_running);
  else
    crew_->stop(n, why.text);
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
