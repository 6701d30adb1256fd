#pragma once

#include <cstddef>
#include <vector>

namespace troupe {

/// Returns at most `most` (at least 2) items of a list at even distances, the first and the last
/// among them.
template <class T>
std::vector<T> thinned(std::vector<T> all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<T> some;
  for (std::size_t i = 0; i < most; ++i)
    some.push_back(std::move(all[i * (all.size() - 1) / (most - 1)]));
  return some;
}

} // namespace troupe
