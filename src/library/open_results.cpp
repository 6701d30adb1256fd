#include "search/life/study_state.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"

#include <troupe/open_results.hpp>

#include <utility>
#include <variant>

namespace troupe {

namespace {

/// Returns who keeps what a paused trial goes on from.
study_state::keeps_state keeper_of(const std::filesystem::path& journal, const study& begun) {
  if (const auto first = journal_reader::unchecked(journal).next())
    if (const auto* started = std::get_if<event_kind::study_started>(&first->body)) {
      refuse_if_changed(*started, begun, study_layout{journal.parent_path()});
      if (!trains_itself(*started, begun)) return study_state::keeps_state::client;
    }
  return study_state::keeps_state::checkpoints;
}

trial_report_line line_of(const event_kind::trial_reported& r) {
  return {r.iteration, r.total_s, r.metrics, r.checkpoint};
}

} // namespace

opened_results open_results(const std::filesystem::path& folder) {
  opened_results opened;
  opened.journal_ = existing_journal(study_layout{folder});
  opened.folder_ = opened.journal_.parent_path();
  const auto begun = study_of(opened.journal_);
  study_state state{begun, keeper_of(opened.journal_, begun)};
  journal_reader reader{opened.journal_};
  while (const auto e = reader.next())
    follow_event(opened.journal_, *e, [&](const event& one) { state.apply(one); });
  opened.study_ = state.subject();
  opened.results_ = state.results();
  opened.ended_ = state.has_ended();
  opened.paused_ = state.paused();
  return opened;
}

void opened_results::for_each_event(const std::function<void(const event&)>& see) const {
  journal_reader reader{journal_};
  while (const auto e = reader.next())
    see(*e);
}

std::vector<event> opened_results::events(trial_number n) const {
  static_cast<void>(results_.trials.at(n));
  return events_of(journal_, n);
}

std::vector<trial_report_line> opened_results::reports(trial_number n) const {
  std::vector<trial_report_line> all;
  for (const auto& e : events(n)) {
    const auto* report = std::get_if<event_kind::trial_reported>(&e.body);
    if (!report) continue;
    std::erase_if(all, [&](const auto& r) { return r.iteration >= report->iteration; });
    all.push_back(line_of(*report));
  }
  return all;
}

std::filesystem::path opened_results::checkpoint_folder(trial_number n, int number) const {
  return study_layout{folder_}.checkpoint(n, number);
}

checkpoint opened_results::load(trial_number n, std::optional<int> number) const {
  if (!number) return {};
  const auto folder = checkpoint_folder(n, *number);
  return exists(folder) ? checkpoint::load(folder) : checkpoint{};
}

checkpoint opened_results::last_checkpoint(trial_number n) const {
  return load(n, results_.trials.at(n).checkpoint);
}

checkpoint opened_results::best_checkpoint(trial_number n) const {
  return load(n, results_.trials.at(n).best_checkpoint);
}

} // namespace troupe
