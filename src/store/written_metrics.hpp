#pragma once

#include <troupe/events.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// The metrics of one report as JSON text: made once, for all that is put together from it.
class written_metrics {
public:
  /// Of `m`, which is not needed any more afterwards.
  explicit written_metrics(const metrics& m);

  /// Of the event, if it is a report; else there are none.
  explicit written_metrics(const event_body& body);

  /// Returns all of them: {"loss": 0.5, "gap": "nan"}.
  std::string_view object() const noexcept { return text_; }

  /// One metric. The views are good as long as the object.
  struct member {
    std::string_view name;  ///< As JSON: "loss" with its quotes.
    std::string_view value; ///< As JSON: 0.5, or "nan" with its quotes.

    /// Returns the value as a table has it: 0.5, or nan without quotes.
    std::string_view bare_value() const noexcept {
      return value.front() == '"' ? value.substr(1, value.size() - 2) : value;
    }
  };

  std::size_t size() const noexcept { return places_.size(); }
  member operator[](std::size_t i) const noexcept {
    const auto& p = places_[i];
    const auto text = object();
    return {text.substr(p.name, p.name_end - p.name), text.substr(p.value, p.value_end - p.value)};
  }

private:
  struct place {
    std::size_t name, name_end, value, value_end;
  };
  std::string text_;
  std::vector<place> places_;
};

} // namespace troupe
