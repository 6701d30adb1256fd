#include "base/path.hpp"
#include "search/space/space_order.hpp"

#include <troupe/space.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

[[noreturn]] void refuse(std::string_view path, std::string_view problem) {
  throw std::invalid_argument{"parameter \"" + std::string{path} + "\": " + std::string{problem}};
}

/// Returns the part of `path` after its first `size` characters and the slash.
std::string_view below(std::string_view path, std::size_t size) noexcept {
  return path.substr(size == 0 ? 0 : size + 1);
}

/// Checks that `part`, to be added below the first `size` characters of `path`, goes with what is
/// there: names or the next index of a list.
void check_part(const std::vector<search_space::entry>& entries, std::string_view path,
                std::size_t size, std::string_view part) {
  const auto parent = path.substr(0, size);
  const auto index = list_index(part);
  if (part.empty()) refuse(path, "a name is empty");
  if (index && parent.empty()) refuse(path, "a number is the index of a list, and here is none");
  std::size_t next = 0;
  for (const auto& entry : entries) {
    if (!lies_in(entry.path, parent)) continue;
    const auto sibling = list_index(split_first(below(entry.path, size)).first);
    if (sibling.has_value() != index.has_value())
      refuse(path, "\"" + std::string{parent} + "\" has both names and numbers below it");
    if (sibling) next = std::max(next, *sibling + 1);
  }
  if (index && *index > next)
    refuse(path,
           "the elements of a list are added in order, from 0; next is " + std::to_string(next));
}

void check_path(const std::vector<search_space::entry>& entries, std::string_view path) {
  for (const auto& entry : entries)
    if (lies_in(entry.path, path) || lies_in(path, entry.path))
      refuse(path, "\"" + entry.path + "\" is there already");
  std::size_t size = 0;
  do {
    const auto part = split_first(below(path, size)).first;
    check_part(entries, path, size, part);
    size += part.size() + (size == 0 ? 0 : 1);
  } while (size < path.size());
}

} // namespace

search_space& search_space::add(std::string path, troupe::domain d, std::vector<condition> when) {
  check_path(entries_, path);
  auto problem = impossible(d);
  if (problem.empty() && !when.empty()) problem = wrong_conditions(path, d, when);
  if (!problem.empty()) refuse(path, problem);
  entries_.push_back({std::move(path), std::move(d), std::move(when)});
  return *this;
}

const domain* search_space::find(std::string_view path) const noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const entry& e) { return e.path == path; });
  return found == entries_.end() ? nullptr : &found->domain;
}

} // namespace troupe
