#include "study/former_space.hpp"

#include "search/space/space_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace troupe {

namespace json = boost::json;

namespace {

json::object members_of(const json::object& object) {
  json::object out;
  for (const auto& member : object)
    out[member.key()] = lists_values(member.value()) ? json::value{{const_escape, member.value()}}
                                                     : with_escapes(member.value());
  return out;
}

} // namespace

json::value with_escapes(const json::value& space) {
  if (const auto* list = space.if_array(); list && holds_special_key(space)) {
    json::array out;
    for (const auto& element : *list)
      out.push_back(with_escapes(element));
    return out;
  }
  const auto* object = space.if_object();
  if (!object) return space;
  const auto key = special_key(*object);
  if (!key.empty() && key != object_escape) return space;
  auto out = key.empty() ? members_of(*object) : *object;
  if (auto* inner = out.if_contains(object_escape); !key.empty() && inner && inner->is_object())
    *inner = members_of(inner->get_object());
  return foreign_key(*object).empty() ? out : json::object{{object_escape, std::move(out)}};
}

} // namespace troupe
