#include "store/written_metrics.hpp"

#include "base/json.hpp"

namespace troupe {

namespace {

const metrics& metrics_of(const event_body& body) {
  static const metrics none;
  const auto* report = std::get_if<event_kind::trial_reported>(&body);
  return report ? report->metrics : none;
}

} // namespace

written_metrics::written_metrics(const metrics& m) : text_{"{"} {
  places_.reserve(m.size());
  for (const auto& [name, value] : m) {
    if (!places_.empty()) text_ += ", ";
    auto& p = places_.emplace_back();
    p.name = text_.size();
    write_json_text(text_, name);
    p.name_end = text_.size();
    text_ += ": ";
    p.value = text_.size();
    write_json_number(text_, value);
    p.value_end = text_.size();
  }
  text_ += '}';
}

written_metrics::written_metrics(const event_body& body) : written_metrics{metrics_of(body)} {}

} // namespace troupe
