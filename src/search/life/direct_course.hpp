#pragma once

#include "search/life/study_course.hpp"

#include <troupe/searcher.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace troupe {

/// A study_course whose orders are carried out at once, in the call that brings them about:
/// decisions and suggestions take no time. Its caller offers slots one by one, lets a trial that is
/// told to stop or pause exit before it offers the next, and says when the study has ended.
class direct_course final : private course_crew {
public:
  /// Events are given to `sink` in the order of the journal. The scheduler and the searcher must
  /// outlive the course, and be those of the study, unused.
  direct_course(const study& s, correctable_scheduler& decides, searcher& suggests,
                std::function<void(const event_ptr&)> sink,
                study_machine::keeps_state who = study_machine::keeps_state::checkpoints);

  /// See study_course::restore.
  void restore(const event& e) { course_.restore(e, scheduler_, searcher_); }

  /// See study_course::can_be_saved, save and load.
  /// @{
  bool can_be_saved() const { return course_.can_be_saved(); }
  void save(packed_writer& out) const;
  void load(packed_reader& in);
  /// @}

  void begin(std::int64_t now, study_origin from = {}) {
    course_.comes_from(std::move(from));
    course_.begin(now);
  }

  /// See study_course::resume.
  void resume(const study_course::resumption& how, std::int64_t now) {
    now_ = now;
    course_.resume(how, now);
  }

  /// A trial that has been started.
  struct started {
    trial_number number;
    study_machine::start_order order;
  };

  /// Adds the trials that the scheduler wants to choose from, as far as the searcher has
  /// suggestions, and starts the one that it chooses. Returns none if nothing wants to run now.
  std::optional<started> place(const lease& l, std::int64_t now,
                               const std::optional<std::string>& client = {});

  /// The same without starting any: for when no lease is free.
  void add_trials(std::int64_t now);

  /// No trial is added any more.
  void no_more_trials() noexcept { course_.no_more_trials(); }

  /// What a running trial is to do after a report.
  struct answered {
    troupe::verdict verdict = troupe::verdict::stop;
    std::string reason;    ///< Why, if not to proceed.
    troupe::result result; ///< The report as schedulers see it.
    bool recorded = false; ///< Whether the report counts; false if it came too late.
  };

  /// See study_course::report.
  answered report(trial_number n, int attempt, const metrics& m, bool has_checkpoint,
                  double iteration_s, std::int64_t now, std::optional<int> iteration = {});

  /// See study_course::finish.
  void finish(trial_number n, int attempt, const metrics& m, double iteration_s, std::int64_t now) {
    now_ = now;
    course_.finish(n, attempt, m, iteration_s, now);
  }

  study_machine::exit_kind exited(trial_number n, int attempt, const std::optional<cause>& error,
                                  std::int64_t now) {
    now_ = now;
    return course_.exited(n, attempt, error, now);
  }

  /// See study_course::saved.
  void saved(trial_number n, int checkpoint, std::int64_t now) {
    now_ = now;
    course_.saved(n, checkpoint, now);
  }

  /// See study_course::add.
  std::optional<trial_number> add(const config& given, const std::string& by, std::int64_t now) {
    now_ = now;
    return course_.add(given, by, now);
  }

  /// See study_course::know_all.
  void know_all(const std::vector<known_trial>& all, std::int64_t now) {
    now_ = now;
    course_.know_all(all, now);
  }

  /// See study_course::put_back.
  void put_back(trial_number n, int attempt, const std::string& why, std::int64_t now) {
    now_ = now;
    course_.put_back(n, attempt, why, now);
  }

  /// See study_course::lend.
  void lend(trial_number n, const std::string& token, double lease_s, std::int64_t now) {
    course_.lend(n, token, lease_s, now);
  }

  /// See study_course::stop.
  void stop(trial_number n, const cause& why, std::int64_t now) {
    now_ = now;
    course_.stop(n, why, now);
  }

  /// Starts nothing more; what runs is to exit.
  void wind_up(const cause& why, trial_state running_become, std::int64_t now) {
    now_ = now;
    course_.wind_up(why, running_become, now);
  }

  void end(std::int64_t now) { course_.end(now); }

  const study_machine& machine() const noexcept { return course_.machine(); }

private:
  struct slot {
    troupe::lease lease;
    std::optional<std::string> client;
  };

  void ask(const suggest_trial& question) override;
  void ask(const judge_result& question) override;
  void ask(const choose_trial& question) override;
  void acquire(const resources&) override;
  void withdraw() override { course_.withdrawn(); }
  void tell(const scheduler_news& news) override { inform(scheduler_, news); }
  void tell(const searcher_news& news) override { searcher_.inform(news); }
  void release(const lease&) override {}
  void start(trial_number n, const study_machine::start_order& how, const lease&) override {
    started_ = started{n, how};
  }
  void stop(trial_number, const std::string&) override {}
  void answer(trial_number, int, verdict v) override { answer_ = v; }
  void drop(trial_number, int) override {}
  void publish(const event_ptr& e) override { sink_(e); }
  void over() override {}

  correctable_scheduler& scheduler_;
  informed_searcher searcher_;
  std::function<void(const event_ptr&)> sink_;
  study_course course_;
  std::int64_t now_ = 0; ///< Of the call being carried out.
  slot offered_;
  std::optional<started> started_;
  verdict answer_{};
};

} // namespace troupe
