#pragma once

#include <troupe/space.hpp>

#include <cstddef>
#include <string>
#include <unordered_set>

namespace troupe {

/// Configurations of one space, each once: two are the same if all of their parameters are, 1 and
/// 1.0 being one value.
class configuration_set {
public:
  /// The space must outlive the set.
  explicit configuration_set(const search_space& space) : space_{space} {}

  /// Returns whether `c` was not there before.
  bool insert(const config& c) { return keys_.insert(key_of(c)).second; }

  bool contains(const config& c) const { return keys_.contains(key_of(c)); }
  std::size_t size() const noexcept { return keys_.size(); }

private:
  std::string key_of(const config& c) const;

  const search_space& space_;
  std::unordered_set<std::string> keys_;
};

} // namespace troupe
