#pragma once

#include <troupe/space.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace troupe {

/// Keys of an object of a study file's space that are no names of parameters: `{"const": …}` is the
/// value as it stands, `{"object": {…}}` a nested object whose names may be those of laws, and
/// `"when"` names conditions.
inline constexpr std::string_view const_escape = "const";
inline constexpr std::string_view object_escape = "object";
inline constexpr std::string_view when_key = "when";

/// Returns the key that makes `o` more than a nested object: a law's name, one that is probably a
/// misspelt law, or an escape. Empty if there is none.
std::string_view special_key(const boost::json::object& o);

/// Returns the key by which `o` says of what kind a domain is, as other tools write it:
/// {"type": "float", "low": 0, "high": 1}. Empty if it does not.
std::string_view foreign_key(const boost::json::object& o);

/// Returns whether `v` is a list of numbers, texts and the like: probably meant as a choice.
bool lists_values(const boost::json::value& v);

/// Returns whether `v` is or contains an object with a special or a foreign key.
bool holds_special_key(const boost::json::value& v);

/// Returns a value of a list of values so that it is not taken for a domain.
boost::json::value write_value(const boost::json::value& v);

/// Returns `space` as it would stand in a study file.
boost::json::object to_json(const search_space& space);

} // namespace troupe
