#pragma once

#include "search/life/study_machine.hpp"
#include "search/schedulers/correctable_scheduler.hpp"

#include <troupe/searcher.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace troupe {

/// A whole study without actors: the rules of its life, its scheduler and its searcher, asked one
/// after the other in the order that the controller asks them in. What happens outside, trials that
/// train, comes in as calls; decisions and suggestions take no time.
///
/// It can be rebuilt from its journal: restore() puts each event through the scheduler and the
/// searcher again. Then it goes on as if it had never been away.
class study_course {
public:
  /// Events are given to `sink` in the order of the journal. The scheduler and the searcher must
  /// outlive the course, and be those of the study, unused.
  study_course(const study& s, correctable_scheduler& decides, searcher& suggests,
               std::function<void(const event_ptr&)> sink,
               study_machine::keeps_state who = study_machine::keeps_state::checkpoints);

  /// Takes over the next event of a journal, without giving it to the sink. Throws
  /// std::invalid_argument if it cannot follow the ones before.
  void restore(const event& e);

  /// Starts the study.
  void begin(std::int64_t now) { machine_.begin(now); }

  /// A trial that has been started.
  struct start {
    trial_number number;
    study_machine::start_order order;
  };

  /// Adds the trials that the scheduler wants to choose from, as far as the searcher has
  /// suggestions, and starts the one that it chooses. Returns none if nothing wants to run now.
  std::optional<start> place(const lease& l, std::int64_t now,
                             const std::optional<std::string>& client = {});

  /// The same without starting any: for when no lease is free.
  void add_trials(std::int64_t now);

  /// No trial is added any more.
  void no_more_trials() noexcept { machine_.searcher_exhausted(); }

  /// What a running trial is to do after a report.
  struct answer {
    troupe::verdict verdict = troupe::verdict::stop;
    std::string reason;    ///< Why, if not to proceed.
    troupe::result result; ///< The report as schedulers see it.
    bool recorded = false; ///< Whether the report counts; false if it came too late.
  };

  /// A trial has reported. `iteration`: what it calls the report; default: the last one's and one.
  answer report(trial_number n, int attempt, const metrics& m, bool has_checkpoint,
                double iteration_s, std::int64_t now, std::optional<int> iteration = {});

  /// A trial has ended by itself with this last report, which no scheduler need judge.
  answer finish(trial_number n, int attempt, const metrics& m, double iteration_s,
                std::int64_t now);

  /// A trial's function has returned or thrown.
  study_machine::exit_kind exited(trial_number n, int attempt,
                                  const std::optional<std::string>& error, std::int64_t now);

  /// Starts nothing more and ends what runs. Returns the trials to be told.
  std::vector<trial_number> wind_up(const std::string& reason, trial_state running_become,
                                    std::int64_t now);

  /// Writes the last event.
  void end(std::int64_t now) { machine_.end(now); }

  const study_machine& machine() const noexcept { return machine_; }

private:
  bool add_trial(std::int64_t now);
  void judge(trial_number n, int attempt, answer& a, std::int64_t now);
  decision ask_scheduler(trial_number n, const result& r);
  void change_others(const decision& d, std::int64_t now);
  void keep_config(trial_number n);
  std::optional<trial_number> choose(std::int64_t now);
  bool end_stranded(std::int64_t now);
  void queue(trial_number n);
  void retry(trial_number n);
  void forget(trial_number n);
  void observe(trial_number n);
  void inform(std::function<void(searcher&)> news);
  void catch_up(std::uint64_t seq);

  void follow(const event_kind::trial_added& e, trial_number n);
  void follow(const event_kind::trial_started& e, trial_number n);
  void follow(const event_kind::trial_reported& e, trial_number n);
  void follow(const event_kind::trial_decided& e, trial_number n);
  void follow(const event_kind::trial_exploited& e, trial_number n);
  void follow(const event_kind::trial_failed& e, trial_number n);
  void follow(const event_kind::trial_ended& e, trial_number n);
  void expect(const decision& d);
  void settle_exploits();
  template <class Other>
  void follow(const Other&, trial_number) {}

  study study_;
  correctable_scheduler& scheduler_;
  searcher& searcher_;
  study_machine machine_;
  std::size_t lookahead_;
  std::unordered_set<trial_number> scheduler_knows_end_; ///< It stopped them itself.
  bool scheduler_has_none_ = false; ///< It was asked and chose nobody; ask again after news.
  bool searcher_waits_ = false;
  bool restoring_ = false;
  std::unordered_map<trial_number, decision> undecided_; ///< While restoring, as the next:
  std::vector<trial_number> expected_;                   ///< Trials with exploits to come.
  std::deque<std::pair<std::uint64_t, std::function<void(searcher&)>>> news_; ///< By event.
  std::uint64_t seen_ = 0; ///< The last event that the searcher knows.
};

} // namespace troupe
