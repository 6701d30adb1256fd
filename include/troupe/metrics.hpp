#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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

  /// Returns the value called `name`, or null.
  const double* find(std::string_view name) const noexcept {
    const auto i = index_of(name);
    return i < entries_.size() ? &entries_[i].second : nullptr;
  }

  void set(std::string_view name, double value) {
    if (const auto i = index_of(name); i < entries_.size()) {
      entries_[i].second = value;
      return;
    }
    entries_.emplace_back(name, value);
    if (entries_.size() > few) note_last();
  }

  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }

  friend bool operator==(const metrics& a, const metrics& b) { return a.entries_ == b.entries_; }

private:
  /// So many are looked through; for more there is a hash table, lest many cost their square.
  static constexpr std::size_t few = 16;

  /// Returns which entry is called `name`; size() if none is.
  std::size_t index_of(std::string_view name) const noexcept {
    if (slots_.empty()) {
      std::size_t i = 0;
      while (i < entries_.size() && entries_[i].first != name)
        ++i;
      return i;
    }
    const auto slot = slots_[slot_of(name)];
    return slot > 0 ? slot - 1 : entries_.size();
  }

  /// Returns the slot that `name` has, or else would have.
  std::size_t slot_of(std::string_view name) const noexcept {
    const auto mask = slots_.size() - 1;
    std::size_t i = std::hash<std::string_view>{}(name);
    i &= mask;
    while (slots_[i] > 0 && entries_[slots_[i] - 1].first != name)
      i = (i + 1) & mask;
    return i;
  }

  /// Gives the last entry a slot; all of them, when the table is half full.
  void note_last() {
    auto first = entries_.size() - 1;
    if (slots_.size() < 2 * entries_.size()) {
      slots_.assign(slots_.empty() ? 4 * few : 2 * slots_.size(), 0);
      first = 0;
    }
    for (auto i = first; i < entries_.size(); ++i)
      slots_[slot_of(entries_[i].first)] = static_cast<std::uint32_t>(i + 1);
  }

  std::vector<entry> entries_;
  std::vector<std::uint32_t> slots_; ///< 1 + the entry; 0 is free. A power of two, or empty.
};

} // namespace troupe
