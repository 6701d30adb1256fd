#include "store/verification.hpp"

#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"

#include <variant>

namespace troupe {

namespace {

/// What a first look at a journal tells.
struct journal_facts {
  bool trains = true;
  std::uint64_t suggested = 0;
};

journal_facts look_at(const std::filesystem::path& file, const study& begun) {
  journal_facts facts;
  auto reader = journal_reader::unchecked(file);
  while (const auto e = reader.next()) {
    if (const auto* started = std::get_if<event_kind::study_started>(&e->body)) {
      facts.trains = trains_itself(*started, begun);
      refuse_if_changed(*started, begun, study_layout{file.parent_path()});
    }
    if (const auto* added = std::get_if<event_kind::trial_added>(&e->body))
      facts.suggested += added->by ? 0 : 1;
  }
  return facts;
}

} // namespace

verification verify(const study_layout& layout) {
  const auto journal = existing_journal(layout);
  const auto begun = study_of(journal);
  auto s = present_study(journal);
  const auto facts = look_at(journal, begun);
  // Whoever asks may have raised the number of samples.
  if (number_of_trials(s) < facts.suggested) s.num_samples = facts.suggested;

  decision_check check{s, begun,
                       facts.trains ? study_state::keeps_state::checkpoints
                                    : study_state::keeps_state::client};
  journal_reader reader{journal};
  while (const auto e = reader.next())
    follow_event(journal, *e, [&](const event& one) { check.take(one); });
  return check.found();
}

} // namespace troupe
