#include "base/json.hpp"
#include "store/asked_study.hpp"
#include "store/former_study.hpp"
#include "store/stored_study.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

/// Another part of asked_study: what its events have come to is saved, and taken up again.
namespace troupe {

/// Takes up what was saved, as far as there is anything of use; returns what has checked the events
/// that are in it.
journal_check asked_study::take_up_saved() {
  journal_check check;
  const auto saved = find_saved_replay(journal_.database(), saved_as());
  if (!saved) return check;
  try {
    packed_reader in{saved->bytes};
    load(in, check);
    if (check.last_seq() == saved->seq && course_->machine().last_seq() == saved->seq) return check;
  } catch (const packed_error&) {
    // Whoever wrote it is another program that claims to be this one.
  }
  scheduler_.emplace(made_scheduler());
  searcher_.emplace(make_searcher(study_));
  make_course();
  return {};
}

void asked_study::load(packed_reader& in, journal_check& check) {
  std::string scheduler_calls, searcher_calls;
  in(over_, scheduler_calls, searcher_calls);
  check.load(in);
  course_->load(in);
  holders_.load(in);
  view_->load(in);
  if (!in.at_end()) throw packed_error{};
  scheduler_->calls().begin_with(std::move(scheduler_calls));
  searcher_->calls().begin_with(std::move(searcher_calls));
}

/// Returns the study file, with another one of which events would mean something else.
std::string asked_study::saved_as() const {
  return to_text(boost::json::value(to_json(begun_)));
}

/// All events that are in the journal have been taken over, and `check` has taken them.
void asked_study::prepare_to_save(const journal_check& check) {
  if (!course_->can_be_saved()) return;
  packed_writer out;
  out(over_, scheduler_->calls().all(), searcher_->calls().all());
  check.save(out);
  course_->save(out);
  holders_.save(out);
  view_->save(out);
  to_save_ = {check.last_seq(), std::string{out.bytes()}};
}

/// The searcher, too, learns what was saved: its events were checked then, but not against it.
void asked_study::catch_up() {
  try {
    searcher_->catch_up();
  } catch (const std::logic_error& problem) {
    throw journal_error{fmt::format("{}: the searcher cannot have made of it what it says: {}",
                                    journal_.database().file().string(), problem.what())};
  }
}

} // namespace troupe
