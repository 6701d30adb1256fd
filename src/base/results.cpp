#include "base/text_template.hpp"

#include <troupe/results.hpp>

#include <array>
#include <cstdio>

namespace troupe {

std::string trial_id(trial_number n) {
  std::array<char, 16> text{};
  const int length = std::snprintf(text.data(), text.size(), "%05u", n);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string_view to_string(trial_state state) noexcept {
  constexpr std::array<std::string_view, 7> names{"pending", "running", "paused",     "completed",
                                                  "stopped", "failed",  "interrupted"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(scope s) noexcept {
  constexpr std::array<std::string_view, 5> names{"last", "avg", "last-5-avg", "last-10-avg",
                                                  "all"};
  return names[static_cast<std::size_t>(s)];
}

const metrics& compared_metrics(const trial_summary& t) noexcept {
  return t.best_report ? t.best_report->metrics : t.last;
}

const config& compared_config(const trial_summary& t) noexcept {
  return t.best_report ? t.best_report->config : t.config;
}

bool is_final(trial_state state) noexcept {
  return state >= trial_state::completed;
}

std::string name_of(const std::string& trial_name, trial_number n, const config& c) {
  return trial_name.empty() ? std::string{} : text_template{trial_name}.fill(c, trial_id(n));
}

} // namespace troupe
