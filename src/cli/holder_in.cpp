#include "cli/holder_in.hpp"

#include "store/doctor.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"
#include "store/study_lock.hpp"

#include <variant>

namespace troupe {

namespace {

bool is_asked(const study_layout& layout) {
  const auto journal = existing_journal(layout);
  const auto first = journal_reader::unchecked(journal).next();
  const auto* started = first ? std::get_if<event_kind::study_started>(&first->body) : nullptr;
  return started && !trains_itself(*started, study_of(journal));
}

} // namespace

study_holder holder_in(const study_layout& layout) {
  study_holder h{is_in_use(layout), is_asked(layout), {}};
  if (h.is_held) h.who = holder_of(layout.lock());
  return h;
}

} // namespace troupe
