#include "study/plugin_check.hpp"

#include "base/path.hpp"
#include "search/searchers/wrapped_searcher.hpp"
#include "search/space/space_walk.hpp"
#include "study/plugins.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

namespace {

/// Returns the study's searcher and those inside it, outermost first, by their keys.
std::vector<std::pair<std::string, named_options>> searchers_of(const study& s) {
  std::vector<std::pair<std::string, named_options>> all;
  std::string key = "searcher";
  for (auto next = std::optional{s.searcher}; next; next = wrapped_by(*next)) {
    all.emplace_back(key, *next);
    key = join_path(key, "searcher");
  }
  return all;
}

const plugin* find_plugin(std::string_view name, std::span<const plugin> known) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const plugin& p) { return p.name == name; });
  return found == known.end() ? nullptr : &*found;
}

} // namespace

void check_objectives(const member_reader& in, const study& s, fault_list& faults) {
  const auto check = [&](const std::string& key, const std::string& name,
                         std::span<const plugin> known) {
    const auto* p = find_plugin(name, known);
    if (!p || p->many_objectives) return;
    std::string others;
    for (const auto& other : known)
      if (other.many_objectives) others += (others.empty() ? "" : ", ") + std::string{other.name};
    faults.add(in.contains(split_first(key).first) ? join_path(key, "name") : key,
               "\"" + name + "\" knows one metric, and the study has " +
                   std::to_string(1 + s.further_objectives.size()) +
                   "; those for several: " + others);
  };
  if (s.further_objectives.empty()) return;
  for (const auto& [key, searcher] : searchers_of(s))
    check(key, searcher.name, known_searchers());
  check("scheduler", s.scheduler.name, known_schedulers());
}

void check_space(const study& s, fault_list& faults) {
  const auto all = searchers_of(s);
  const bool may_be_endless = std::none_of(all.begin(), all.end(), [](const auto& one) {
    const auto* p = find_plugin(one.second.name, known_searchers());
    return p && p->needs_finite_space;
  });
  if (may_be_endless) return;
  for (auto& problem : endless_parameters(s.space))
    faults.add(join_path("space", problem.path), std::move(problem.problem));
}

} // namespace troupe
