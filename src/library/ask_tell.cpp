#include "base/clock.hpp"
#include "library/asked_feed.hpp"
#include "search/life/direct_course.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "store/asked_study.hpp"
#include "store/told_values.hpp"
#include "study/asked_check.hpp"
#include "study/callbacks.hpp"

#include <troupe/ask_tell.hpp>
#include <troupe/run.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

/// Where the study is kept.
struct ask_tell::parts {
  virtual ~parts() = default;
  virtual std::optional<trial> ask() = 0;
  virtual bool may_ask_again() const = 0;
  virtual void tell(trial_number n, const std::vector<double>& values) = 0;
  virtual verdict report(trial_number n, const std::vector<double>& values, int step) = 0;
  virtual bool fail(trial_number n, const std::string& why) = 0;
  virtual study_results results() const = 0;
};

namespace {

class in_folder final : public ask_tell::parts {
public:
  in_folder(const study& s, const std::filesystem::path& folder, const registry& known)
      : study_{folder, s},
        feed_{study_, make_callbacks(s, known)} {}

  std::optional<ask_tell::trial> ask() override {
    auto answer = study_.ask(std::nullopt);
    feed_.tell();
    exhausted_ = std::holds_alternative<exhausted>(answer);
    auto* t = std::get_if<asked_study::trial>(&answer);
    if (!t) return std::nullopt;
    return ask_tell::trial{t->number, std::move(t->params), t->from_iteration};
  }
  bool may_ask_again() const override { return !exhausted_; }
  void tell(trial_number n, const std::vector<double>& values) override {
    study_.tell(n, values);
    feed_.tell();
  }
  verdict report(trial_number n, const std::vector<double>& values, int step) override {
    const auto answer = study_.tell_step(n, values, step).verdict;
    feed_.tell();
    return answer;
  }
  bool fail(trial_number n, const std::string& why) override {
    const bool again = study_.fail(n, why);
    feed_.tell();
    return again;
  }
  study_results results() const override { return study_.results(); }

private:
  asked_study study_;
  asked_feed feed_;
  bool exhausted_ = false;
};

class in_memory final : public ask_tell::parts {
public:
  in_memory(const study& s, const registry& known)
      : study_{s},
        scheduler_{make_correctable_scheduler(s)},
        searcher_{make_searcher(s)},
        course_{study_, *scheduler_, *searcher_, [this](const event_ptr& e) { heard(e); },
                study_machine::keeps_state::client} {
    if (auto all = make_callbacks(s, known); !all.empty())
      feed_.emplace(s, std::move(all), study_state::keeps_state::client);
    course_.begin(unix_ns());
  }

  std::optional<ask_tell::trial> ask() override {
    const auto& each = study_.per_trial;
    const lease amount{++leases_, each.cpu, each.gpu, each.memory_gb, {}};
    const auto started = course_.place(amount, unix_ns());
    settle();
    if (!started) return std::nullopt;
    const auto n = started->number;
    return ask_tell::trial{n, machine().config_of(n), machine().iterations_of(n)};
  }
  bool may_ask_again() const override { return !all_handed_out(machine()); }
  void tell(trial_number n, const std::vector<double>& values) override {
    const int attempt = running_attempt(machine(), n);
    course_.finish(n, attempt, told_metrics(study_, values), silent_s(n), unix_ns());
    settle();
  }
  verdict report(trial_number n, const std::vector<double>& values, int step) override {
    const int attempt = running_attempt(machine(), n);
    check_step(machine(), n, step);
    const auto answer = course_.report(n, attempt, told_metrics(study_, values), false, silent_s(n),
                                       unix_ns(), step);
    if (answer.verdict != verdict::proceed) course_.exited(n, attempt, std::nullopt, unix_ns());
    settle();
    return answer.verdict;
  }
  bool fail(trial_number n, const std::string& why) override {
    const auto kind =
        course_.exited(n, running_attempt(machine(), n), cause{why, reason_kind::error}, unix_ns());
    settle();
    return kind == study_machine::exit_kind::retried;
  }
  study_results results() const override { return machine().results(); }

private:
  const study_machine& machine() const { return course_.machine(); }

  void heard(const event_ptr& e) {
    if (feed_) news_.push_back(e);
    if (e->trial) note(*e);
  }
  void note(const event& e) {
    heard_ns_.resize(std::max<std::size_t>(heard_ns_.size(), *e.trial + 1));
    heard_ns_[*e.trial] = e.time_ns;
  }
  double silent_s(trial_number n) const {
    return static_cast<double>(std::max<std::int64_t>(0, unix_ns() - heard_ns_.at(n))) * 1e-9;
  }
  /// Ends the study if nothing is left to be done, and tells of what has happened.
  void settle() {
    if (machine().finished()) course_.end(unix_ns());
    for (const auto& e : std::exchange(news_, {}))
      feed_->take(*e);
  }

  study study_;
  std::unique_ptr<correctable_scheduler> scheduler_;
  std::unique_ptr<searcher> searcher_;
  std::vector<std::int64_t> heard_ns_; ///< By trial: when something was heard of it last.
  direct_course course_;
  std::uint64_t leases_ = 0;
  std::optional<callback_feed> feed_; ///< If there are callbacks,
  std::vector<event_ptr> news_;       ///< which have yet to hear of these.
};

const study& checked(const study& s) {
  if (auto faults = check(s); !faults.empty()) throw invalid_study{std::move(faults)};
  check_asked(s, "study");
  return s;
}

} // namespace

ask_tell::ask_tell(const study& s, const registry& known)
    : parts_{std::make_unique<in_memory>(checked(s), known)} {}

ask_tell::ask_tell(const study& s, const std::filesystem::path& folder, const registry& known)
    : parts_{std::make_unique<in_folder>(checked(s), folder, known)} {}

ask_tell::ask_tell(ask_tell&&) noexcept = default;
ask_tell& ask_tell::operator=(ask_tell&&) noexcept = default;
ask_tell::~ask_tell() = default;

std::optional<ask_tell::trial> ask_tell::ask() {
  return parts_->ask();
}

bool ask_tell::may_ask_again() const {
  return parts_->may_ask_again();
}

void ask_tell::tell(trial_number n, const std::vector<double>& values) {
  parts_->tell(n, values);
}

verdict ask_tell::report(trial_number n, const std::vector<double>& values, int step) {
  return parts_->report(n, values, step);
}

bool ask_tell::fail(trial_number n, const std::string& why) {
  return parts_->fail(n, why);
}

study_results ask_tell::results() const {
  return parts_->results();
}

} // namespace troupe
