#include "store/asked_study.hpp"
#include "store/foreign_trials.hpp"
#include "store/told_values.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

/// The other half of asked_study: trials are handed out, told of, and taken back.
namespace troupe {

asked_study::answer asked_study::ask(const std::optional<std::string>& client,
                                     std::optional<double> lease_s) {
  if (const auto own = client ? holders_.held_by(*client) : std::nullopt)
    return hand_again(*own, lease_s);
  catch_up();
  take_back_silent();
  learn_of_others();
  const auto& each = study_.per_trial;
  const lease amount{holders_.last_amount() + 1, each.cpu, each.gpu, each.memory_gb, {}};
  const auto started = course_->place(amount, now_(), client);
  if (started && lease_s) lend(started->number, *lease_s);
  commit();
  if (started) {
    taken_ = started->number;
    return handed(started->number);
  }
  if (nothing_left()) return exhausted{};
  return not_now{};
}

/// Takes note of what other programs have added to Optuna's tables, if one has written since.
void asked_study::learn_of_others() {
  const auto version = journal_.database().select_integer("PRAGMA data_version");
  if (std::exchange(others_wrote_, version) == version) return;
  course_->know_all(foreign_trials(journal_.database(), study_), now_());
}

/// A client has come back for its open trial. Whoever else goes by its name holds it no longer.
asked_study::trial asked_study::hand_again(trial_number n, std::optional<double> lease_s) {
  const auto& before = holders_.of(n)->lease;
  if (lease_s || before) lend(n, lease_s ? *lease_s : before->seconds);
  commit();
  return handed(n);
}

asked_study::trial asked_study::handed(trial_number n) const {
  const auto& machine = course_->machine();
  const auto& lease = holders_.of(n)->lease;
  return {n, machine.config_of(n), machine.iterations_of(n),
          lease ? std::optional{lease->token} : std::nullopt};
}

/// Gives trial `n` a lease with a token of its own: the number of the event that says so, and what
/// tells it from that of another journal, perhaps of a study that was begun anew.
void asked_study::lend(trial_number n, double lease_s) {
  const auto now = now_();
  const auto seq = course_->machine().last_seq() + 1;
  random_stream digits{static_cast<std::uint64_t>(now), n, "token"};
  course_->lend(n, fmt::format("{}-{:08x}", seq, digits() >> 32U), lease_s, now);
}

/// Whoever trained a trial and was silent for too long has failed with it.
void asked_study::take_back_silent() {
  const auto now = now_();
  for (const trial_number n : holders_.ran_out(now)) {
    const auto holder = *holders_.of(n);
    course_->exited(
        n, course_->machine().attempt_of(n),
        cause{fmt::format("its lease of {:g} s ran out: nothing was heard of {} for {:.1f} s",
                          holder.lease->seconds, name_of(holder), holder.lease->silent_s(now)),
              reason_kind::lost},
        now);
  }
}

/// Returns whether nobody need ask again. What is out under a lease comes back, or fails when
/// somebody asks: that may be all that there is left to do.
bool asked_study::nothing_left() const {
  const auto& machine = course_->machine();
  if (machine.finished()) return true;
  return !holders_.any_lease() && all_handed_out(machine);
}

void asked_study::give_back() {
  if (const auto n = std::exchange(taken_, std::nullopt)) {
    course_->put_back(*n, course_->machine().attempt_of(*n),
                      "the answer could not be given to whoever asked", now_());
    commit();
  }
}

void asked_study::tell(trial_number n, const std::vector<double>& values, const token& t) {
  const int attempt = held(n, t);
  course_->finish(n, attempt, told_metrics(study_, values), seconds_since_last(n), now_());
  commit();
}

asked_study::decided asked_study::tell_step(trial_number n, const std::vector<double>& values,
                                            int step, const token& t) {
  const int attempt = held(n, t);
  check_step(course_->machine(), n, step);
  const auto a = course_->report(n, attempt, told_metrics(study_, values), false,
                                 seconds_since_last(n), now_(), step);
  // Whoever trains it has let go of it by the time it knows.
  if (a.verdict != verdict::proceed) course_->exited(n, attempt, std::nullopt, now_());
  commit();
  return {a.verdict, a.reason};
}

bool asked_study::fail(trial_number n, const std::string& why, const token& t) {
  const auto kind = course_->exited(n, held(n, t), cause{why, reason_kind::error}, now_());
  commit();
  return kind == study_machine::exit_kind::retried;
}

std::int64_t asked_study::renew(trial_number n, const token& t, std::optional<double> lease_s) {
  held(n, t);
  const auto lease = holders_.of(n)->lease;
  if (!lease)
    throw std::invalid_argument{fmt::format(
        "trial {} is under no lease that could be renewed; `troupe ask --lease` gives one",
        trial_id(n))};
  course_->lend(n, lease->token, lease_s.value_or(lease->seconds), now_());
  commit();
  return holders_.of(n)->lease->until_ns();
}

void asked_study::drop(trial_number n) {
  const int attempt = running_attempt(course_->machine(), n);
  const std::string why = "given back by hand: `troupe drop`";
  if (course_->machine().winding_up()) // nobody could ask for it any more
    course_->exited(n, attempt, cause{why, reason_kind::lost}, now_());
  else
    course_->put_back(n, attempt, why, now_());
  commit();
}

/// Returns the attempt that trial `n` runs, for who says that it holds the trial, by the token of
/// its lease if it has one.
int asked_study::held(trial_number n, const token& t) const {
  const auto* holder = holders_.of(n);
  const bool leased = holder && holder->lease;
  if (leased && !t)
    throw std::invalid_argument{fmt::format(
        "trial {} is held under a lease: --token must say by whom; `ask` printed it with the trial",
        trial_id(n))};
  if (t && n < course_->machine().next_number() && !(leased && holder->lease->token == *t))
    throw lost_trial{fmt::format(
        "too late: trial {} is not held by --token {} any more: {}; nothing was recorded",
        trial_id(n), *t, whereabouts(n))};
  return running_attempt(course_->machine(), n);
}

/// Says what has become of a trial that somebody thinks to hold.
std::string asked_study::whereabouts(trial_number n) const {
  const auto& machine = course_->machine();
  if (const auto* holder = holders_.of(n)) return fmt::format("{} has it", name_of(*holder));
  const auto& reason = machine.reason_of(n);
  return fmt::format("it is {}{}{}", to_string(machine.state_of(n)), reason.empty() ? "" : ": ",
                     reason);
}

double asked_study::seconds_since_last(trial_number n) const {
  const auto since = now_() - holders_.of(n)->heard_ns;
  return static_cast<double>(std::max<std::int64_t>(0, since)) * 1e-9;
}

} // namespace troupe
