#include "cli/study_end.hpp"

#include "cli/holder_in.hpp"
#include "store/doctor.hpp"
#include "store/former_study.hpp"

#include <variant>

namespace troupe {

study_end::study_end(const study_layout& layout)
    : layout_{layout},
      is_asked_{holder_in(layout).is_asked},
      reader_{journal_reader::unchecked(existing_journal(layout))} {}

bool study_end::has_come() {
  const bool runs = is_asked_ || is_in_use(layout_); // before its last events are looked for
  while (const auto e = reader_.next()) {
    if (const auto* stopping = std::get_if<event_kind::study_stopping>(&e->body))
      interrupted_ = stopping->reason_kind == reason_kind::interrupted;
    if (std::holds_alternative<event_kind::study_resumed>(e->body)) ended_ = interrupted_ = false;
    if (std::holds_alternative<event_kind::study_ended>(e->body)) ended_ = true;
  }
  return ended_ || !runs;
}

} // namespace troupe
