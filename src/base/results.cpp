#include <troupe/results.hpp>
#include <troupe/trainable.hpp>

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

registry& registry::add(trainable t) {
  if (t.name.empty()) throw std::invalid_argument{"a trainable needs a name"};
  if (!t.train) throw std::invalid_argument{"trainable " + t.name + " has no training function"};
  const std::string name = t.name;
  if (!trainables_.emplace(name, std::move(t)).second)
    throw std::invalid_argument{"there are two trainables called " + name};
  return *this;
}

registry& registry::add(std::string name, std::function<void(trial&)> train) {
  trainable t;
  t.name = std::move(name);
  t.train = std::move(train);
  return add(std::move(t));
}

const trainable* registry::find(std::string_view name) const noexcept {
  const auto found = trainables_.find(name);
  return found == trainables_.end() ? nullptr : &found->second;
}

std::vector<std::string> registry::names() const {
  std::vector<std::string> all;
  for (const auto& [name, t] : trainables_)
    all.push_back(name);
  return all;
}

} // namespace troupe
