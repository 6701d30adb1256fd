#pragma once

#include "search/life/consultation.hpp"
#include "search/life/study_machine.hpp"

#include <troupe/events.hpp>
#include <troupe/resources.hpp>

#include <string>

namespace troupe {

/// Carries out what a study_course orders: by messages, whose answers come later, or at once, in
/// the same call. Whoever is asked something answers each question once, by the member of the
/// course that is named with it; a scheduler takes all that it is asked and told in the order given
/// here.
class course_crew {
public:
  course_crew() = default;
  course_crew(const course_crew&) = delete;
  course_crew& operator=(const course_crew&) = delete;
  virtual ~course_crew() = default;

  // -- questions ----------------------------------------------------------------------------------

  /// Asks the searcher: suggested(), or searcher_failed().
  virtual void ask(const suggest_trial& question) = 0;
  /// Asks the scheduler: judged(), or judging_failed().
  virtual void ask(const judge_result& question) = 0;
  /// Asks the scheduler: chosen(), or choosing_failed().
  virtual void ask(const choose_trial& question) = 0;
  /// Asks for a slot of this size: granted(), or refused() if there is never going to be one. One
  /// request is open at most.
  virtual void acquire(const resources& amount) = 0;
  /// Takes the open request back: withdrawn(), after a granted() that has crossed it.
  virtual void withdraw() = 0;

  // -- orders -------------------------------------------------------------------------------------

  virtual void tell(const scheduler_news& news) = 0;
  virtual void tell(const searcher_news& news) = 0;
  /// The study does not use this slot any more.
  virtual void release(const lease& l) = 0;
  /// Lets trial `n` train, in this slot; how that ends comes back as exited().
  virtual void start(trial_number n, const study_machine::start_order& how, const lease& l) = 0;
  /// Tells a running trial to return as soon as it can.
  virtual void stop(trial_number n, const std::string& reason) = 0;
  /// Answers the report that attempt `attempt` of trial `n` has made last: once per report.
  virtual void answer(trial_number n, int attempt, verdict v) = 0;
  /// Nothing refers to checkpoint `checkpoint` of trial `n` any more.
  virtual void drop(trial_number n, int checkpoint) = 0;
  /// The next event of the journal.
  virtual void publish(const event_ptr& e) = 0;
  /// Nothing runs and nothing will. Said again with every advance() until end() has been called.
  virtual void over() = 0;
};

} // namespace troupe
