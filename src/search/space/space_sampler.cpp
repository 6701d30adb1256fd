#include "search/space/space_sampler.hpp"

#include "base/path.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/expression.hpp"
#include "search/space/parameter_error.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

json::value& child(json::value& parent, std::string_view part) {
  if (const auto index = list_index(part)) {
    auto& list = parent.is_array() ? parent.get_array() : parent.emplace_array();
    while (*index >= list.size())
      list.emplace_back(nullptr);
    return list[*index];
  }
  auto& object = parent.is_object() ? parent.get_object() : parent.emplace_object();
  return object[part];
}

json::value& slot(config& c, std::string_view path) {
  auto [part, rest] = split_first(path);
  auto* found = &c[part];
  while (!rest.empty()) {
    std::tie(part, rest) = split_first(rest);
    found = &child(*found, part);
  }
  return *found;
}

/// Returns the innermost element of a list that `path` lies in: "layers/1" of "layers/1/a/units";
/// empty if it lies in none.
std::string_view list_element(std::string_view path) {
  for (auto end = path.rfind('/'); end != path.npos && end > 0; end = path.rfind('/', end - 1)) {
    const auto parent = path.substr(0, end);
    const auto slash = parent.rfind('/');
    if (slash != parent.npos && list_index(parent.substr(slash + 1))) return parent;
  }
  return {};
}

} // namespace

void place(config& c, std::string_view path, json::value v) {
  slot(c, path) = std::move(v);
}

space_sampler::space_sampler(const search_space& space) : space_{space}, order_{order_of(space)} {
  if (!order_.problems.empty()) {
    const auto& first = order_.problems.front();
    refuse_parameter(first.path,
                     first.key.empty() ? first.problem : first.key + ": " + first.problem);
  }
  const auto& entries = space.entries();
  for (const auto& e : entries) {
    purposes_.push_back("space/" + e.path);
    auto& needed = requirements_.emplace_back();
    for (const auto& c : e.when)
      needed.push_back({space.index_of(c.path).value(), &c.values});
  }
}

bool space_sampler::is_active(std::size_t i, const space_values& values) const {
  const auto& all = requirements_[i];
  return std::all_of(all.begin(), all.end(), [&](const requirement& r) {
    const auto& value = values[r.on];
    return value && std::any_of(r.values->begin(), r.values->end(),
                                [&](const json::value& v) { return same_value(v, *value); });
  });
}

void space_sampler::draw(std::uint64_t seed, std::uint64_t number, space_values& given) const {
  for (const auto i : order_.order)
    settle(i, seed, number, given);
}

void space_sampler::settle(std::size_t i, std::uint64_t seed, std::uint64_t number,
                           space_values& values) const {
  if (!is_active(i, values))
    values[i].reset();
  else if (!values[i])
    values[i] = draw_one(i, random_stream{seed, number, purposes_[i]}, values);
}

json::value space_sampler::draw_one(std::size_t i, random_stream random,
                                    const space_values& values) const {
  const auto& [path, law, when] = space_.entries()[i];
  try {
    if (const auto* e = std::get_if<expression>(&law))
      return evaluate(*e, known_to(i, values), random);
    if (const auto* f = std::get_if<sample_from>(&law))
      return f->function(assemble(values), random);
  } catch (const std::exception& e) {
    refuse_parameter(path, e.what());
  }
  return troupe::draw(law, random);
}

config space_sampler::known_to(std::size_t i, const space_values& values) const {
  config known;
  for (const auto other : order_.needs[i])
    place(known, space_.entries()[other].path, values[other].value_or(nullptr));
  return known;
}

config space_sampler::assemble(const space_values& values) const {
  config c;
  c.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& path = space_.entries()[i].path;
    if (values[i]) {
      place(c, path, *values[i]);
    } else if (const auto element = list_element(path); !element.empty()) {
      auto& kept = slot(c, element); // a list keeps its length
      if (kept.is_null()) kept.emplace_object();
    }
  }
  return c;
}

} // namespace troupe
