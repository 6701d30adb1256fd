#include "search/space/value_key.hpp"

#include "base/json.hpp"

#include <troupe/domain.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <unordered_set>

namespace troupe {

namespace json = boost::json;

namespace {

/// Returns a number as an integer, if it is the same as one.
json::value plain(double x) {
  if (std::trunc(x) != x) return x;
  if (-0x1p63 <= x && x < 0x1p63) return static_cast<std::int64_t>(x);
  if (0 <= x && x < 0x1p64) return static_cast<std::uint64_t>(x);
  return x;
}

/// Returns `v` so that values which are the same are written alike.
json::value plain(const json::value& v) {
  if (v.is_double()) return plain(v.get_double());
  if (v.is_uint64() && v.get_uint64() <= INT64_MAX)
    return static_cast<std::int64_t>(v.get_uint64());
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

bool same_value(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return plain(a) == plain(b);
  if (a.is_array() && b.is_array())
    return std::equal(a.get_array().begin(), a.get_array().end(), b.get_array().begin(),
                      b.get_array().end(), same_value);
  if (!a.is_object() || !b.is_object()) return a == b;
  const auto& other = b.get_object();
  return a.get_object().size() == other.size() &&
         std::all_of(a.get_object().begin(), a.get_object().end(), [&](const auto& member) {
           const auto* twin = other.if_contains(member.key());
           return twin && same_value(member.value(), *twin);
         });
}

std::string key_of(const json::value& v) {
  return to_text(plain(v));
}

std::vector<json::value> without_repeats(const std::vector<json::value>& values) {
  std::vector<json::value> distinct;
  std::unordered_set<std::string> seen;
  for (const auto& v : values)
    if (seen.insert(key_of(v)).second) distinct.push_back(v);
  return distinct;
}

} // namespace troupe
