#pragma once

#include "actors/messages.hpp"
#include "actors/recording.hpp"
#include "search/life/study_course.hpp"

#include <caf/result.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace troupe {

/// What others wish a study that is under way to do. The course does it at once, or says why not;
/// whoever asked is answered when the journal has it.
class interventions {
public:
  interventions(controller_actor::pointer self, study_course& course, const recording& records)
      : self_{self},
        course_{course},
        records_{records} {}

  /// The study has begun: until then everything is refused.
  void begin() noexcept { begun_ = true; }

  caf::result<trial_number> take(const add_trial& a);
  caf::result<leaving_trials> take(const pause_study& p);
  caf::result<void> take(const continue_study&);
  caf::result<void> take(const stop_trial& s);
  caf::result<void> take(const retry_trial& r);
  caf::result<void> take(const change_limits& c);

  /// More has been written: answers whoever waited for that.
  void settle();

  /// Nothing more is going to be written.
  void fail(const std::string& why);

private:
  struct open_answer {
    std::uint64_t seq; ///< The last event that it is about.
    std::function<void(const std::string& why_not)> give;
  };

  /// Lets the course do `wish`, which returns why it cannot be; empty if it is done.
  template <class Wish>
  std::string carry_out(Wish wish);
  template <class Answer, class... T>
  caf::result<Answer> once_written(const T&... answer);
  template <class Wish>
  caf::result<void> done(Wish wish);

  controller_actor::pointer self_;
  study_course& course_;
  const recording& records_;
  std::deque<open_answer> open_;
  std::string failure_;
  bool begun_ = false;
};

} // namespace troupe
