#include "cli/plain_view.hpp"

#include "base/count_text.hpp"
#include "views/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace troupe {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_interval = 300s;
constexpr auto least_between_same_best = 10s;
constexpr auto least_time_of_saving = 1s;
constexpr auto between_news_of_saving = 5s;

std::string stamped(std::chrono::nanoseconds elapsed, std::string_view text) {
  return fmt::format("[{:>5}] {}", clock_text(elapsed), text);
}

std::string end_line(const view_state& s, trial_number n) {
  const trial_view& t = s.trial(n);
  std::string line = fmt::format("trial {} {}", s.called(n), to_string(t.state));
  if (t.iteration > 0) line += fmt::format(" at iteration {}", t.iteration);
  if (t.value) line += fmt::format(": {} {}", s.metric(), short_number(*t.value, view_digits));
  if (!t.reason.empty()) line += fmt::format(" ({})", first_line(t.reason));
  return line;
}

/// What somebody has done to the study; empty for other events.
std::string control_line(const event& e) {
  using namespace event_kind;
  if (std::holds_alternative<study_paused>(e.body))
    return "paused; `troupe continue` lets it go on";
  if (std::holds_alternative<study_continued>(e.body)) return "goes on";
  if (std::holds_alternative<trial_retried>(e.body))
    return fmt::format("trial {} is tried again", trial_id(e.trial.value()));
  const auto* changed = std::get_if<limits_changed>(&e.body);
  if (!changed) return {};
  const auto& most = changed->limits.max_concurrent;
  return fmt::format("num_samples is {} now, max_concurrent {}", changed->limits.num_samples,
                     most ? std::to_string(*most) : "what fits");
}

} // namespace

std::optional<std::string> failure_line(const view_state& s, const event& e) {
  if (!e.trial) return std::nullopt;
  const trial_view& t = s.trial(*e.trial);
  const auto* failed = std::get_if<event_kind::trial_failed>(&e.body);
  const bool retried = failed && failed->retry;
  const bool for_good =
      std::holds_alternative<event_kind::trial_ended>(e.body) && t.state == trial_state::failed;
  if (!retried && !for_good) return std::nullopt;
  return fmt::format("trial {} failed{}: {}", s.called(*e.trial),
                     retried ? ", to be tried again" : "", first_line(t.reason));
}

std::vector<std::string> plain_view::lines(const view_state& s, const event& e) {
  const auto elapsed = s.elapsed(std::chrono::nanoseconds{e.time_ns});
  std::vector<std::string> out;
  if (const auto failure = failure_line(s, e))
    out.push_back(stamped(elapsed, *failure));
  else if (std::holds_alternative<event_kind::trial_ended>(e.body))
    out.push_back(stamped(elapsed, end_line(s, e.trial.value())));
  else if (std::holds_alternative<event_kind::study_stopping>(e.body))
    out.push_back(stamped(elapsed, "stopping: " + first_line(s.stopping())));
  else if (const auto control = control_line(e); !control.empty())
    out.push_back(stamped(elapsed, control));
  if (const auto news = news_of_best(s, elapsed)) out.push_back(stamped(elapsed, *news));
  return out;
}

std::optional<std::string> plain_view::heartbeat(const view_state& s,
                                                 std::chrono::nanoseconds now) {
  const auto elapsed = s.elapsed(now);
  if (auto saving = news_of_saving(s, elapsed)) return saving;
  if (elapsed < due_) return std::nullopt;
  interval_ = std::min<std::chrono::seconds>(interval_ * 2, longest_interval);
  due_ = elapsed + interval_;
  std::string line = fmt::format("{}/{} done, {} running", s.done(), s.total(), s.running().size());
  if (const auto b = s.best())
    line += fmt::format(", best {} {}", s.metric(), short_number(b->value, view_digits));
  if (!s.stopping().empty())
    line += ", stopping";
  else if (s.paused())
    line += ", paused";
  else if (const auto e = s.time_left(now))
    line += fmt::format(", about {} left ({})", clock_text(e->left), e->basis);
  else
    line += ", no estimate yet";
  return stamped(elapsed, line);
}

/// When nothing runs any more, what is still to be saved is all that is waited for.
std::optional<std::string> plain_view::news_of_saving(const view_state& s,
                                                      std::chrono::nanoseconds elapsed) {
  if (!s.running().empty() || s.unsaved() == 0 || s.ended()) {
    saving_due_.reset();
    return std::nullopt;
  }
  if (!saving_due_) saving_due_ = elapsed + least_time_of_saving;
  if (elapsed < *saving_due_) return std::nullopt;
  saving_due_ = elapsed + between_news_of_saving;
  return stamped(elapsed, count_text(s.unsaved(), "checkpoint") + " still to be saved");
}

std::optional<std::string> plain_view::news_of_best(const view_state& s,
                                                    std::chrono::nanoseconds elapsed) {
  const auto best = s.best();
  if (best == known_best_) return std::nullopt;
  const auto before = std::exchange(known_best_, best);
  // A best trial that got worse, or failed, is no news: the next better one is.
  const bool better = best && (!before || (s.lower_is_better() ? best->value < before->value
                                                               : best->value > before->value));
  if (!better || (best->number == announced_ && elapsed < may_repeat_at_)) return std::nullopt;
  announced_ = best->number;
  may_repeat_at_ = elapsed + least_between_same_best;
  std::string line =
      fmt::format("best so far: trial {}, {} {} at iteration {}", s.called(best->number),
                  s.metric(), short_number(best->value, view_digits), best->iteration);
  const auto& parameters = s.trial(best->number).parameters;
  if (!parameters.empty()) line += fmt::format(" ({})", fmt::join(parameters, ", "));
  return line;
}

} // namespace troupe
