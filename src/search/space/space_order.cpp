#include "search/space/space_order.hpp"

#include "base/nearest.hpp"
#include "base/path.hpp"
#include "base/values.hpp"
#include "search/space/expression.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

using entries = std::vector<search_space::entry>;

/// Returns the entries that a name stands for: one that it is or lies in, or all that lie in it.
std::vector<std::size_t> named(const entries& all, std::string_view name) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (lies_in(all[i].path, name) || lies_in(name, all[i].path)) found.push_back(i);
  return found;
}

std::string suggest_path(std::string_view wrong, const entries& all) {
  std::vector<std::string_view> paths;
  for (const auto& e : all)
    paths.push_back(e.path);
  return suggest_name(wrong, paths);
}

class order_finder {
public:
  explicit order_finder(const search_space& space)
      : entries_{space.entries()},
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
    auto& needs = found_.needs[i];
    if (std::find(needs.begin(), needs.end(), other) == needs.end()) needs.push_back(other);
  }

  void read_conditions(std::size_t i) {
    for (const auto& c : entries_[i].when) {
      const auto key = join_path("when", c.path);
      const auto other = std::find_if(entries_.begin(), entries_.end(),
                                      [&](const auto& e) { return e.path == c.path; });
      if (other == entries_.end()) {
        refuse(i, key, "unknown parameter; " + suggest_path(c.path, entries_));
        continue;
      }
      need(i, static_cast<std::size_t>(other - entries_.begin()));
      if (std::holds_alternative<constant>(other->domain)) continue; // for now it is fixed
      for (const auto& v : c.values)
        if (!contains(other->domain, v))
          refuse(i, key, "\"" + c.path + "\" is never " + describe(v));
    }
  }

  void read_expression(std::size_t i) {
    const auto* e = std::get_if<expression>(&entries_[i].domain);
    if (!e) return;
    const auto names = names_in(e->text);
    for (const auto& name : names.paths) {
      const auto others = named(entries_, name);
      for (const auto other : others)
        need(i, other);
      const auto first = split_first(name).first;
      const bool may_be_field = !named(entries_, first).empty();
      if (others.empty() && !is_expression_function(first) && !names.has_functions)
        refuse(i, "expr",
               "unknown name \"" + std::string{may_be_field ? name : first} + "\"; " +
                   suggest_path(name, entries_));
    }
  }

  /// Which entries are functions, or need one.
  std::vector<bool> late_ones() const {
    std::vector<bool> late;
    for (const auto& e : entries_)
      late.push_back(std::holds_alternative<sample_from>(e.domain));
    for (bool changes = true; std::exchange(changes, false);)
      for (std::size_t i = 0; i < late.size(); ++i) {
        const auto& needs = found_.needs[i];
        if (late[i] || std::none_of(needs.begin(), needs.end(), [&](auto n) { return late[n]; }))
          continue;
        late[i] = changes = true;
      }
    return late;
  }

  void visit(std::size_t i) {
    if (marks_[i] != mark::fresh) return;
    marks_[i] = mark::open;
    path_.push_back(i);
    for (const auto other : found_.needs[i]) {
      if (marks_[other] == mark::open) refuse_circle(other);
      visit(other);
    }
    path_.pop_back();
    marks_[i] = mark::done;
    found_.order.push_back(i);
  }

  void refuse_circle(std::size_t start) {
    std::string circle;
    const auto first = std::find(path_.begin(), path_.end(), start);
    for (auto at = first; at != path_.end(); ++at)
      circle += '"' + entries_[*at].path + "\" needs ";
    refuse(start, "",
           "the parameters depend on each other in a circle: " + circle + '"' +
               entries_[start].path + '"');
  }

  const entries& entries_;
  std::vector<mark> marks_;
  std::vector<std::size_t> path_;
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
