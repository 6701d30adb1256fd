#include "base/clock.hpp"
#include "search/life/direct_course.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "store/asked_study.hpp"
#include "store/told_values.hpp"
#include "study/asked_check.hpp"

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
  in_folder(const study& s, const std::filesystem::path& folder) : study_{folder, s} {}

  std::optional<ask_tell::trial> ask() override {
    auto answer = study_.ask(std::nullopt);
    exhausted_ = std::holds_alternative<exhausted>(answer);
    auto* t = std::get_if<asked_study::trial>(&answer);
    if (!t) return std::nullopt;
    return ask_tell::trial{t->number, std::move(t->params), t->from_iteration};
  }
  bool may_ask_again() const override { return !exhausted_; }
  void tell(trial_number n, const std::vector<double>& values) override { study_.tell(n, values); }
  verdict report(trial_number n, const std::vector<double>& values, int step) override {
    return study_.tell_step(n, values, step).verdict;
  }
  bool fail(trial_number n, const std::string& why) override { return study_.fail(n, why); }
  study_results results() const override { return study_.results(); }

private:
  asked_study study_;
  bool exhausted_ = false;
};

class in_memory final : public ask_tell::parts {
public:
  explicit in_memory(const study& s)
      : study_{s},
        scheduler_{make_correctable_scheduler(s)},
        searcher_{make_searcher(s)},
        course_{study_, *scheduler_, *searcher_, [this](const event_ptr& e) { heard(*e); },
                study_machine::keeps_state::client} {
    course_.begin(unix_ns());
  }

  std::optional<ask_tell::trial> ask() override {
    const auto& each = study_.per_trial;
    const lease amount{++leases_, each.cpu, each.gpu, each.memory_gb, {}};
    const auto started = course_.place(amount, unix_ns());
    end_if_finished();
    if (!started) return std::nullopt;
    const auto n = started->number;
    return ask_tell::trial{n, machine().config_of(n), machine().iterations_of(n)};
  }
  bool may_ask_again() const override { return !all_handed_out(machine()); }
  void tell(trial_number n, const std::vector<double>& values) override {
    const int attempt = running_attempt(machine(), n);
    course_.finish(n, attempt, told_metrics(study_, values), silent_s(n), unix_ns());
    end_if_finished();
  }
  verdict report(trial_number n, const std::vector<double>& values, int step) override {
    const int attempt = running_attempt(machine(), n);
    check_step(machine(), n, step);
    const auto answer = course_.report(n, attempt, told_metrics(study_, values), false, silent_s(n),
                                       unix_ns(), step);
    if (answer.verdict != verdict::proceed) course_.exited(n, attempt, std::nullopt, unix_ns());
    end_if_finished();
    return answer.verdict;
  }
  bool fail(trial_number n, const std::string& why) override {
    const auto kind =
        course_.exited(n, running_attempt(machine(), n), cause{why, reason_kind::error}, unix_ns());
    end_if_finished();
    return kind == study_machine::exit_kind::retried;
  }
  study_results results() const override { return machine().results(); }

private:
  const study_machine& machine() const { return course_.machine(); }

  void heard(const event& e) {
    if (!e.trial) return;
    heard_ns_.resize(std::max<std::size_t>(heard_ns_.size(), *e.trial + 1));
    heard_ns_[*e.trial] = e.time_ns;
  }
  double silent_s(trial_number n) const {
    return static_cast<double>(std::max<std::int64_t>(0, unix_ns() - heard_ns_.at(n))) * 1e-9;
  }
  void end_if_finished() {
    if (machine().finished()) course_.end(unix_ns());
  }

  study study_;
  std::unique_ptr<correctable_scheduler> scheduler_;
  std::unique_ptr<searcher> searcher_;
  std::vector<std::int64_t> heard_ns_; ///< By trial: when something was heard of it last.
  direct_course course_;
  std::uint64_t leases_ = 0;
};

const study& checked(const study& s) {
  if (auto faults = check(s); !faults.empty()) throw invalid_study{std::move(faults)};
  check_asked(s, "study");
  return s;
}

} // namespace

ask_tell::ask_tell(const study& s) : parts_{std::make_unique<in_memory>(checked(s))} {}

ask_tell::ask_tell(const study& s, const std::filesystem::path& folder)
    : parts_{std::make_unique<in_folder>(checked(s), folder)} {}

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
