#include "search/space/parameter_error.hpp"

#include "base/nearest.hpp"

#include <algorithm>

namespace troupe {

namespace {

constexpr std::size_t most_suggestions = 100;

} // namespace

void refuse_parameter(std::string_view path, std::string_view problem) {
  throw parameter_error{path, problem};
}

std::string suggest_parameter(std::string_view wrong,
                              const std::vector<search_space::entry>& entries, std::size_t said) {
  if (said >= most_suggestions) return "see the names of the space";
  std::vector<std::string_view> paths(entries.size());
  std::ranges::transform(entries, paths.begin(), &search_space::entry::path);
  return paths.empty() ? "the space has none" : suggest_name(wrong, paths);
}

} // namespace troupe
