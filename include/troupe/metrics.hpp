#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// What a trial reports: named numbers, in the order in which they were given.
///
///     metrics m{{"loss", 0.31}, {"accuracy", 0.9}};
///     if (const double* loss = m.find("loss")) …
///
/// Values may be NaN or infinite. Names are unique: setting a name twice keeps the later value.
class metrics {
public:
  using entry = std::pair<std::string, double>;

  metrics() = default;
  metrics(std::initializer_list<entry> entries) {
    for (const auto& [name, value] : entries)
      set(name, value);
  }

  /// Returns the value called `name`, or null. Linear: a report has a handful of metrics.
  const double* find(std::string_view name) const noexcept {
    for (const auto& [known, value] : entries_)
      if (known == name) return &value;
    return nullptr;
  }

  void set(std::string_view name, double value) {
    for (auto& [known, old] : entries_)
      if (known == name) {
        old = value;
        return;
      }
    entries_.emplace_back(name, value);
  }

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }

  friend bool operator==(const metrics&, const metrics&) = default;

private:
  std::vector<entry> entries_;
};

} // namespace troupe
