#include "store/event_text.hpp"

#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_layout.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace troupe {

namespace {

void append_field(std::string& out, int n) {
  out += std::to_string(n);
}
void append_field(std::string& out, double x) {
  write_json_number(out, x);
}
void append_field(std::string& out, const std::optional<int>& n) {
  out += n ? std::to_string(*n) : "null";
}

/// Reports are nearly all of a journal: they are written without building a value first.
void append_report(std::string& out, const event_kind::trial_reported& report,
                   const written_metrics& m) {
  char separator = '[';
  const auto append = [&](auto f) {
    out += std::exchange(separator, ',');
    if constexpr (std::is_same_v<decltype(f.member), metrics event_kind::trial_reported::*>)
      out += m.object();
    else
      append_field(out, report.*f.member);
  };
  std::apply([&](auto... f) { (append(f), ...); },
             detail::layout<event_kind::trial_reported>::fields);
  out += ']';
}

} // namespace

void append_journal_data(std::string& out, const event_body& body, const written_metrics& m) {
  if (const auto* report = std::get_if<event_kind::trial_reported>(&body))
    append_report(out, *report, m);
  else
    write_json(out, to_row(body));
}

} // namespace troupe
