#include "search/space/space_json.hpp"

#include "base/nearest.hpp"
#include "base/path.hpp"
#include "search/space/laws.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

/// A name of the space: a parameter, or what holds the names below it.
struct name_node {
  const search_space::entry* parameter = nullptr;
  std::map<std::string_view, std::unique_ptr<name_node>> below;
  std::vector<std::string_view> order; ///< Of the names below, as they were added.

  name_node& at(std::string_view name) {
    auto& node = below[name];
    if (!node) {
      node = std::make_unique<name_node>();
      order.push_back(name);
    }
    return *node;
  }
};

name_node names_of(const search_space& space) {
  name_node top;
  for (const auto& entry : space.entries()) {
    auto* node = &top;
    for (std::string_view rest = entry.path; !rest.empty();) {
      const auto [name, others] = split_first(rest);
      node = &node->at(name);
      rest = others;
    }
    node->parameter = &entry;
  }
  return top;
}

json::value write_conditions(const std::vector<condition>& when) {
  json::object out;
  for (const auto& c : when) {
    const bool is_single = c.values.size() == 1 && !c.values.front().is_array();
    out[c.path] = is_single ? c.values.front() : json::array(c.values.begin(), c.values.end());
  }
  return out;
}

/// How other tools call kinds of domains, where that is no law's name.
constexpr std::string_view foreign_kinds[] = {
    "categorical", "discrete",   "ordinal", "real",        "double",
    "integer",     "range",      "normal",  "log_uniform", "log_uniform_values",
    "q_uniform",   "int_uniform"};
/// And what they call what a domain has beside its kind.
constexpr std::string_view foreign_bounds[] = {"low",    "high",    "min",        "max",    "lower",
                                               "upper",  "minimum", "maximum",    "bounds", "range",
                                               "values", "choices", "categories", "_value"};

/// Returns a parameter as it stands in a study file; a constant without an escape if it can do
/// without.
json::value write_entry(const search_space::entry& e) {
  const auto* fixed = std::get_if<constant>(&e.domain);
  const bool stands_as_is = fixed && e.when.empty() && !holds_special_key(fixed->value) &&
                            !lists_values(fixed->value) &&
                            (!fixed->value.is_object() || fixed->value.get_object().empty());
  if (stands_as_is) return fixed->value;
  auto out = to_json(e.domain);
  if (!e.when.empty()) out.get_object()[when_key] = write_conditions(e.when);
  return out;
}

json::object write_members(const name_node& node);

json::value write_node(const name_node& node) {
  if (node.parameter) return write_entry(*node.parameter);
  auto members = write_members(node);
  if (list_index(node.order.front())) {
    json::array list;
    for (auto& member : members)
      list.push_back(std::move(member.value()));
    return lists_values(list) ? json::value{{const_escape, list}} : list;
  }
  if (!special_key(members).empty() || !foreign_key(members).empty())
    return json::object{{object_escape, std::move(members)}};
  return members;
}

json::object write_members(const name_node& node) {
  json::object members;
  for (const std::string_view name : node.order)
    members.emplace(name, write_node(*node.below.at(name)));
  return members;
}

} // namespace

std::string_view special_key(const json::object& o) {
  for (const auto& member : o) {
    const auto key = std::string_view{member.key()};
    if (find_law(key) || key == const_escape || key == object_escape) return key;
    const bool is_alone = o.size() == (o.contains(when_key) ? 2 : 1);
    const bool may_be_law = is_alone && member.value().is_array();
    if (may_be_law && !nearest_name(key, law_names()).empty()) return key;
  }
  return {};
}

std::string_view foreign_key(const json::object& o) {
  const bool has_bounds =
      std::ranges::any_of(foreign_bounds, [&](std::string_view key) { return o.contains(key); });
  for (const std::string_view key : {"type", "_type", "distribution"}) {
    const auto* kind = o.if_contains(key);
    if (!has_bounds || !kind || !kind->is_string()) continue;
    const std::string_view name{kind->get_string()};
    if (find_law(name) || std::ranges::find(foreign_kinds, name) != std::end(foreign_kinds))
      return key;
  }
  return {};
}

bool lists_values(const json::value& v) {
  const auto* list = v.if_array();
  return list && !list->empty() &&
         std::ranges::none_of(*list, [](const auto& one) { return one.is_structured(); });
}

bool holds_special_key(const json::value& v) {
  if (const auto* list = v.if_array())
    return std::any_of(list->begin(), list->end(), holds_special_key);
  const auto* object = v.if_object();
  if (!object) return false;
  return !special_key(*object).empty() || !foreign_key(*object).empty() ||
         std::any_of(object->begin(), object->end(),
                     [](const auto& member) { return holds_special_key(member.value()); });
}

json::value write_value(const json::value& v) {
  return holds_special_key(v) ? json::object{{const_escape, v}} : v;
}

json::object to_json(const search_space& space) {
  return write_members(names_of(space));
}

} // namespace troupe
