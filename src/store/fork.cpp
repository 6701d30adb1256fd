#include "store/fork.hpp"

#include "base/clock.hpp"
#include "search/life/judging.hpp"
#include "search/life/study_state.hpp"
#include "search/space/variants.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"
#include "store/study_writer.hpp"
#include "study/config_fit.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

namespace {

using reports = std::vector<event_kind::trial_reported>;

/// What a journal tells of its trials.
class past_study {
public:
  explicit past_study(const study_layout& from) {
    const auto journal = present_journal(from);
    state_.emplace(study_of(journal), study_state::keeps_state::checkpoints);
    journal_reader reader{journal};
    while (const auto e = reader.next()) {
      if (const auto* started = std::get_if<event_kind::study_started>(&e->body))
        refuse_if_changed(*started, state_->subject(), from);
      follow_event(journal, *e, [this](const event& one) { state_->apply(one); });
      follow(*e);
    }
  }

  /// Whether the study trains its trials itself.
  bool trains() const noexcept { return trains_; }

  std::vector<trial_summary> trials() const { return state_->results().trials; }

  /// Returns what a trial has reported with the configuration that it has, by iteration.
  const reports& reports_of(trial_number n) { return reports_[n]; }

private:
  void follow(const event& e) {
    if (const auto* started = std::get_if<event_kind::study_started>(&e.body))
      trains_ = trains_itself(*started, state_->subject());
    if (std::holds_alternative<event_kind::trial_exploited>(e.body)) reports_[*e.trial].clear();
    const auto* report = std::get_if<event_kind::trial_reported>(&e.body);
    if (!report) return;
    auto& all = reports_[*e.trial];
    // A trial that was tried again has made some of them anew.
    std::erase_if(all, [&](const auto& r) { return r.iteration >= report->iteration; });
    all.push_back(*report);
    all.back().checkpoint.reset();
  }

  std::optional<study_state> state_;
  std::map<trial_number, reports> reports_;
  bool trains_ = true;
};

bool can_be_judged(const study& s, const metrics& m) {
  return missing_metric(s, m).empty() && diverged_metric(s, m).empty();
}

/// The journal of a study that begins with known results.
class known_results {
public:
  known_results(study_writer& writer, const study& s, bool trains, std::string by)
      : writer_{writer},
        study_{s},
        by_{std::move(by)} {
    const auto from = origin_of(as_written(study_));
    tell(std::nullopt, event_kind::study_started{study_.name, number_of_trials(study_), trains,
                                                 from.identity, from.program});
  }

  void add(const trial_summary& t, const reports& all) {
    const auto n = next_++;
    tell(n, event_kind::trial_added{t.config, seq_, by_, true});
    tell(n, event_kind::trial_started{1, 0, {}, {}});
    for (const auto& report : all)
      if (can_be_judged(study_, report.metrics)) tell(n, report);
    tell(n, event_kind::trial_ended{t.state, t.reason, t.reason_kind});
  }

private:
  void tell(std::optional<trial_number> n, event_body body) {
    writer_.write(std::make_shared<const event>(event{++seq_, now_, n, std::move(body)}));
  }

  study_writer& writer_;
  const study& study_;
  std::string by_;
  std::int64_t now_ = unix_ns(); ///< Of all events: what others have trained takes no time here.
  std::uint64_t seq_ = 0;
  trial_number next_ = 0;
};

/// Returns the configuration of a trial with what follows from its parameters; none if it is none
/// of the study's space, or lacks what would have to be drawn.
std::optional<config> whole_configuration(const study& s, const known_trial& t) {
  config given;
  for (const auto& [path, value] : t.parameters)
    place(given, path, value);
  try {
    auto all = completed(s.space, given, s.seed);
    const bool whole = drawn_beyond(s.space, given, all).empty() && fits(s.space, all);
    return whole ? std::optional{std::move(all)} : std::nullopt;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

void keep(study_writer& writer) {
  writer.update_view();
  writer.commit();
  writer.sync();
}

} // namespace

fork_outcome fork(const study_layout& from, std::unique_ptr<study_folder> folder, study s) {
  past_study past{from};
  if (!past.trains()) s.trial_files = false; // as where trials are asked for
  const auto writer = study_writer::begin(std::move(folder), s);
  known_results known{*writer, s, past.trains(), "fork of " + from.root().string()};
  fork_outcome outcome;
  for (const auto& t : past.trials()) {
    if (!is_settled(t.state))
      ++outcome.unended;
    else if (!can_be_judged(s, t.last))
      ++outcome.unjudged;
    else if (!fits(s.space, t.config))
      ++outcome.unfit;
    else {
      known.add(t, past.reports_of(t.number));
      ++outcome.taken;
    }
  }
  keep(*writer);
  return outcome;
}

fork_outcome fork(const std::vector<known_trial>& past, const std::string& by,
                  std::unique_ptr<study_folder> folder, study s) {
  const bool trains = !s.trainable.name.empty();
  if (!trains) s.trial_files = false;
  const auto writer = study_writer::begin(std::move(folder), s);
  known_results known{*writer, s, trains, by};
  fork_outcome outcome;
  for (const auto& t : past) {
    const auto c = whole_configuration(s, t);
    if (!can_be_judged(s, t.metrics))
      ++outcome.unjudged;
    else if (!c)
      ++outcome.unfit;
    else {
      trial_summary told;
      told.state = trial_state::completed;
      told.config = *c;
      known.add(told, {{1, t.metrics, {}, 0, 0}});
      ++outcome.taken;
    }
  }
  keep(*writer);
  return outcome;
}

} // namespace troupe
