#include "search/life/direct_course.hpp"
#include "search/life/journal_check.hpp"
#include "search/life/packed_reports.hpp"
#include "search/life/study_course.hpp"
#include "search/life/study_state.hpp"

#include <algorithm>

/// How what a journal has come to is written down and taken up again: studies whose clients keep
/// the states of trials, that is, so that there are no checkpoints.
namespace troupe {

template <class Archive, packed_as<resources> Resources>
void pack(Archive& a, Resources& r) {
  a(r.cpu, r.gpu, r.memory_gb, r.custom);
}

template <class Archive, packed_as<lease> Lease>
void pack(Archive& a, Lease& l) {
  a(l.id, l.cpu, l.gpu, l.memory_gb, l.gpus);
}

template <class Archive, packed_as<trial_summary> Summary>
void pack(Archive& a, Summary& s) {
  a(s.number, s.state, s.reason, s.reason_kind, s.config, s.iterations, s.last, s.wall_s);
}

template <class Archive, packed_as<planned_end> End>
void pack(Archive& a, End& e) {
  a(e.becomes, e.why.text, e.why.kind);
}

/// What follows from the configuration needs no place.
void pack_resized(packed_writer& out, const trial_entry& t) {
  const bool resized = t.request && t.request->resized;
  out(resized);
  if (resized) out(t.request->amount);
}

void pack_resized(packed_reader& in, trial_entry& t) {
  bool resized = false;
  in(resized);
  if (!resized) return;
  t.request = std::make_unique<own_request>(own_request{{}, true, {}});
  in(t.request->amount);
}

template <class Archive, packed_as<trial_entry> Entry>
void pack(Archive& a, Entry& t) {
  a(t.summary, t.attempt, t.known, t.failures, t.retried, t.last_time, t.lease);
  pack_resized(a, t);
  a(t.resume_iteration, t.resume_s, t.ending, t.reported, t.repeats, t.reached, t.reached_s);
}

template <class Archive, packed_as<searcher_news> News>
void pack(Archive& a, News& n) {
  a(n.seq, n.number, n.iteration, n.outcome, n.stopped, n.adopted);
}

namespace {

/// What damaged bytes say may be more than there is memory.
constexpr std::size_t most_reserved = 1'000'000;

/// Whether pack() has all there is to say of a trial.
bool is_without_checkpoints(const trial_entry& t) {
  return t.checkpoints == 0 && !t.kept && !t.summary.checkpoint && !t.summary.best_checkpoint &&
         !t.resume_checkpoint && !t.borrowed && !t.next_config && !t.new_config;
}

} // namespace

// -- study_state ---------------------------------------------------------------------------------

bool study_state::can_be_saved() const {
  return study_.scope == scope::last && stoppers_.empty() && !limited_ && !is_paused_ &&
         unneeded_.empty() && std::ranges::all_of(trials_, is_without_checkpoints);
}

template <class Archive, class State>
void study_state::pack_members(Archive& a, State& s) {
  a(s.added_, s.running_, s.returning_, s.pending_, s.paused_, s.exhausted_, s.ended_);
  a(s.winding_up_, s.ends_for_good_, s.seq_, s.last_ns_, s.wall_ns_);
}

void study_state::save(packed_writer& out) const {
  pack_members(out, *this);
  out(trials_.size());
  for (const trial_entry& t : trials_)
    out(t);
}

void study_state::load(packed_reader& in) {
  pack_members(in, *this);
  total_ += added_;
  std::size_t size = 0;
  in(size);
  trials_.reserve(std::min(size, most_reserved));
  for (; size > 0; --size) {
    auto& t = trials_.emplace_back(new_entry());
    in(t);
  }
  if (!is_consistent()) throw packed_error{};
  for (trial_entry& t : trials_)
    if (!is_final(t.summary.state)) follow_config(t);
}

/// Returns whether nothing is said of trials that are not there, or are in another state.
bool study_state::is_consistent() const {
  std::size_t pending = 0, paused = 0, running = 0;
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    const auto& s = trials_[i].summary;
    if (s.number != i || s.state > trial_state::interrupted) return false;
    pending += s.state == trial_state::pending ? 1 : 0;
    paused += s.state == trial_state::paused ? 1 : 0;
    running += s.state == trial_state::running ? 1 : 0;
  }
  const auto all_are = [this](const std::set<trial_number>& some, trial_state state) {
    return std::ranges::all_of(some, [&](trial_number n) {
      return n < trials_.size() && trials_[n].summary.state == state;
    });
  };
  return pending == pending_ && paused == paused_ && running == running_.size() &&
         all_are(running_, trial_state::running) && all_are(returning_, trial_state::pending);
}

// -- study_course --------------------------------------------------------------------------------

bool study_course::can_be_saved() const {
  return past_ && past_->undecided.empty() && past_->unfolding.exploits.empty() &&
         past_->unfolding.also_stop.empty() && past_->unfolding.resizes.empty() &&
         machine_.can_be_saved();
}

template <class Archive, class Course>
void study_course::pack_members(Archive& a, Course& c) {
  a(c.scheduler_knows_end_, c.adopted_, c.chosen_before_, c.past_->news, c.past_->also_stopped);
}

void study_course::save(packed_writer& out) const {
  machine_.save(out);
  pack_members(out, *this);
}

void study_course::load(packed_reader& in) {
  past_ = past{};
  machine_.load(in);
  pack_members(in, *this);
}

// -- direct_course -------------------------------------------------------------------------------

void direct_course::save(packed_writer& out) const {
  course_.save(out);
  out(searcher_.seen());
}

void direct_course::load(packed_reader& in) {
  course_.load(in);
  std::uint64_t seen = 0;
  in(seen);
  searcher_.has_seen(seen);
}

// -- journal_check -------------------------------------------------------------------------------

template <class Archive, class Check>
void journal_check::pack_members(Archive& a, Check& c) {
  a(c.trials_, c.seq_);
}

void journal_check::save(packed_writer& out) const {
  pack_members(out, *this);
}

void journal_check::load(packed_reader& in) {
  pack_members(in, *this);
}

} // namespace troupe
