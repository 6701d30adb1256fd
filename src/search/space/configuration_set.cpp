#include "search/space/configuration_set.hpp"

#include "base/json.hpp"
#include "base/values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

/// Returns `v` so that values which are the same are written alike.
json::value plain(const json::value& v) {
  if (v.is_double()) return plain_number(v.get_double());
  if (const auto* list = v.if_array()) {
    json::array out;
    for (const auto& element : *list)
      out.push_back(plain(element));
    return out;
  }
  const auto* object = v.if_object();
  if (!object) return v;
  std::vector<json::string_view> keys;
  for (const auto& member : *object)
    keys.push_back(member.key());
  std::sort(keys.begin(), keys.end());
  json::object out;
  for (const auto& key : keys)
    out[key] = plain(object->at(key));
  return out;
}

} // namespace

std::string configuration_set::key_of(const config& c) const {
  std::string key;
  for (const auto& e : space_.entries()) {
    if (const auto* v = find(c, e.path)) write_json(key, plain(*v));
    key += '\n'; // never within a value: it would be escaped
  }
  return key;
}

} // namespace troupe
