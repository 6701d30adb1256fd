#include "search/space/space_order.hpp"

#include "base/path.hpp"
#include "base/values.hpp"
#include "search/space/expression.hpp"
#include "search/space/parameter_error.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

namespace {

using entries = std::vector<search_space::entry>;

constexpr std::size_t most_circles = 10;
constexpr std::size_t most_needs = 1'000'000;

/// Finds the entries that a name stands for.
class name_index {
public:
  explicit name_index(const search_space& space) : space_{space} {
    for (std::size_t i = 0; i < space.entries().size(); ++i)
      sorted_.emplace_back(space.entries()[i].path, i);
    std::sort(sorted_.begin(), sorted_.end());
  }

  /// Returns the entry that the name is or lies in, or all that lie in it, in their order.
  std::vector<std::size_t> named(std::string_view name) const {
    std::vector<std::size_t> found;
    for (auto end = name.find('/');; end = name.find('/', end + 1)) {
      const auto above = name.substr(0, end);
      if (const auto i = space_.index_of(above)) found.push_back(*i);
      if (end == name.npos || !space_.holds(above)) break;
    }
    if (!found.empty() || !space_.holds(name)) return found;
    const auto below = std::string{name} + '/';
    const auto first = std::lower_bound(sorted_.begin(), sorted_.end(),
                                        std::pair{std::string_view{below}, std::size_t{0}});
    for (auto at = first; at != sorted_.end() && at->first.starts_with(below); ++at)
      found.push_back(at->second);
    std::sort(found.begin(), found.end());
    return found;
  }

private:
  const search_space& space_;
  std::vector<std::pair<std::string_view, std::size_t>> sorted_; ///< Paths, and whose they are.
};

class order_finder {
public:
  explicit order_finder(const search_space& space)
      : space_{space},
        entries_{space.entries()},
        index_{space},
        needed_by_(entries_.size(), none),
        marks_(entries_.size(), mark::fresh) {
    found_.needs.resize(entries_.size());
  }

  space_order find() {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      read_conditions(i);
      read_expression(i);
    }
    const auto late = late_ones();
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (!late[i]) visit(i);
    for (std::size_t i = 0; i < entries_.size(); ++i)
      visit(i);
    return std::move(found_);
  }

private:
  enum class mark : std::uint8_t { fresh, open, done };

  void refuse(std::size_t i, std::string key, std::string problem) {
    found_.problems.push_back({entries_[i].path, std::move(key), std::move(problem)});
  }

  void need(std::size_t i, std::size_t other) {
    if (std::exchange(needed_by_[other], i) == i) return;
    found_.needs[i].push_back(other);
    ++needs_;
  }

  std::string suggest(std::string_view wrong) const {
    return suggest_parameter(wrong, entries_, found_.problems.size());
  }

  void read_conditions(std::size_t i) {
    for (const auto& c : entries_[i].when) {
      const auto key = join_path("when", c.path);
      const auto other = space_.index_of(c.path);
      if (!other) {
        refuse(i, key, "unknown parameter; " + suggest(c.path));
        continue;
      }
      need(i, *other);
      const auto& law = entries_[*other].domain;
      if (std::holds_alternative<constant>(law)) continue; // perhaps by --set, in this run alone
      for (const auto& v : c.values)
        if (!contains(law, v)) refuse(i, key, "\"" + c.path + "\" is never " + describe(v));
    }
  }

  void read_expression(std::size_t i) {
    const auto* e = std::get_if<expression>(&entries_[i].domain);
    if (!e) return;
    const auto names = names_in(e->text);
    for (const auto& name : names.paths) {
      if (needs_ > most_needs)
        return refuse(i, "expr",
                      "the expressions of this space read other parameters more than " +
                          std::to_string(most_needs) + " times; name fewer, or parts of objects");
      const auto others = index_.named(name);
      for (const auto other : others)
        need(i, other);
      const auto first = split_first(name).first;
      const bool may_be_field = space_.holds(first);
      if (others.empty() && !is_expression_function(first) && !names.has_functions)
        refuse(i, "expr",
               "unknown name \"" + std::string{may_be_field ? name : first} + "\"; " +
                   suggest(name));
    }
  }

  /// Which entries are functions, or need one.
  std::vector<bool> late_ones() const {
    std::vector<std::vector<std::size_t>> needed_by(entries_.size());
    std::vector<std::size_t> open;
    std::vector<bool> late(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      for (const auto other : found_.needs[i])
        needed_by[other].push_back(i);
      late[i] = std::holds_alternative<sample_from>(entries_[i].domain);
      if (late[i]) open.push_back(i);
    }
    while (!open.empty()) {
      const auto other = open.back();
      open.pop_back();
      for (const auto i : needed_by[other])
        if (!late[i]) {
          late[i] = true;
          open.push_back(i);
        }
    }
    return late;
  }

  /// Appends an entry to the order, what it needs before it. Chains may be long, so this does not
  /// call itself.
  void visit(std::size_t start) {
    if (marks_[start] != mark::fresh) return;
    open(start);
    while (!path_.empty()) {
      auto& [i, next] = path_.back();
      if (next == found_.needs[i].size()) {
        marks_[i] = mark::done;
        found_.order.push_back(i);
        path_.pop_back();
        continue;
      }
      const auto other = found_.needs[i][next++];
      if (marks_[other] == mark::open) refuse_circle(other);
      if (marks_[other] == mark::fresh) open(other);
    }
  }

  void open(std::size_t i) {
    marks_[i] = mark::open;
    path_.push_back({i, 0});
  }

  void refuse_circle(std::size_t start) {
    constexpr std::size_t most_shown = 20;
    if (++circles_ > most_circles) return;
    std::string circle;
    const auto first = std::find_if(path_.begin(), path_.end(),
                                    [&](const auto& one) { return one.entry == start; });
    std::size_t shown = 0;
    for (auto at = first; at != path_.end() && shown < most_shown; ++at, ++shown)
      circle += '"' + entries_[at->entry].path + "\" needs ";
    if (static_cast<std::size_t>(path_.end() - first) > most_shown) circle += "…, which needs ";
    refuse(start, "",
           "the parameters depend on each other in a circle: " + circle + '"' +
               entries_[start].path + '"');
  }

  /// An entry that waits for what it needs, and which of that comes next.
  struct step {
    std::size_t entry;
    std::size_t next;
  };
  static constexpr auto none = static_cast<std::size_t>(-1);

  const search_space& space_;
  const entries& entries_;
  name_index index_;
  std::vector<std::size_t> needed_by_; ///< Per entry, who needed it last.
  std::size_t needs_ = 0;
  std::size_t circles_ = 0;
  std::vector<mark> marks_;
  std::vector<step> path_;
  space_order found_;
};

} // namespace

std::string wrong_conditions(std::string_view path, const domain& d,
                             const std::vector<condition>& when) {
  const auto slash = path.rfind('/');
  if (slash != path.npos && list_index(path.substr(slash + 1)))
    return "an element of a list cannot be absent, so it has no conditions; make it a choice";
  if (std::holds_alternative<grid_search>(d))
    return "all of a grid is tried, so it has no conditions; make it a choice";
  for (const auto& c : when)
    if (c.values.empty()) return "the condition on \"" + c.path + "\" needs at least one value";
  return {};
}

space_order order_of(const search_space& space) {
  return order_finder{space}.find();
}

std::vector<space_problem> problems(const search_space& space) {
  return order_of(space).problems;
}

} // namespace troupe
