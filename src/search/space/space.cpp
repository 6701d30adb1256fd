#include "base/path.hpp"
#include "search/space/parameter_error.hpp"
#include "search/space/space_order.hpp"

#include <troupe/space.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace troupe {

/// Checks that `part`, to be added below the first `size` characters of `path`, goes with what is
/// there: names or the next index of a list.
void search_space::check_part(std::string_view path, std::size_t size,
                              std::string_view part) const {
  const auto parent = path.substr(0, size);
  const auto index = list_index(part);
  if (part.empty()) refuse_parameter(path, "a name is empty");
  if (index && parent.empty())
    refuse_parameter(path, "a number is the index of a list, and here is none");
  const auto known = names_.find(parent);
  const auto there = known == names_.end() ? name{} : known->second;
  if (index ? there.has_names : there.next_index > 0)
    refuse_parameter(path, "\"" + std::string{parent} + "\" has both names and numbers below it");
  if (index && *index > there.next_index)
    refuse_parameter(path, "the elements of a list are added in order, from 0; next is " +
                               std::to_string(there.next_index));
}

void search_space::check_path(std::string_view path) const {
  const auto refuse_taken = [&](const name& by) {
    refuse_parameter(path, "\"" + entries_[by.first].path + "\" is there already");
  };
  if (path.empty() && !entries_.empty()) refuse_taken({});
  if (const auto at = names_.find(path); at != names_.end() && !path.empty())
    refuse_taken(at->second);
  for (auto end = path.find('/'); end != path.npos; end = path.find('/', end + 1))
    if (const auto above = names_.find(path.substr(0, end));
        above != names_.end() && above->second.is_parameter)
      refuse_taken(above->second);
  std::size_t size = 0;
  do {
    const auto below = path.substr(size == 0 ? 0 : std::min(size + 1, path.size()));
    const auto part = split_first(below).first;
    check_part(path, size, part);
    size += part.size() + (size == 0 ? 0 : 1);
  } while (size < path.size());
}

/// Enters the parameter that was added last, and what it lies below, into the names.
void search_space::note(std::string_view path) {
  const auto last = entries_.size() - 1;
  for (std::size_t begin = 0;;) {
    const auto above = path.substr(0, begin == 0 ? 0 : begin - 1);
    auto& parent = names_.try_emplace(std::string{above}, name{.first = last}).first->second;
    const auto part = split_first(path.substr(begin)).first;
    if (const auto index = list_index(part))
      parent.next_index = std::max(parent.next_index, *index + 1);
    else
      parent.has_names = true;
    begin += part.size() + 1;
    if (begin > path.size()) break;
  }
  names_.try_emplace(std::string{path}, name{.first = last, .is_parameter = true});
}

search_space& search_space::add(std::string path, troupe::domain d, std::vector<condition> when) {
  check_path(path);
  auto problem = impossible(d);
  if (problem.empty() && !when.empty()) problem = wrong_conditions(path, d, when);
  if (!problem.empty()) refuse_parameter(path, problem);
  entries_.push_back({std::move(path), std::move(d), std::move(when)});
  note(entries_.back().path);
  return *this;
}

std::optional<std::size_t> search_space::index_of(std::string_view path) const noexcept {
  const auto found = names_.find(path);
  if (found == names_.end() || !found->second.is_parameter) return std::nullopt;
  return found->second.first;
}

bool search_space::holds(std::string_view path) const noexcept {
  return names_.find(path) != names_.end();
}

const domain* search_space::find(std::string_view path) const noexcept {
  const auto found = index_of(path);
  return found ? &entries_[*found].domain : nullptr;
}

} // namespace troupe
