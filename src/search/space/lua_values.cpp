#include "search/space/lua_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <lua.hpp>
#include <stdexcept>
#include <string>

namespace troupe {

namespace json = boost::json;

namespace {

/// Also what is left of a table that contains itself.
constexpr int deepest = 32;

[[noreturn]] void refuse(const std::string& what) {
  throw std::invalid_argument{what + " is no value of a parameter"};
}

json::value value_at(lua_State* l, int index, int depth);

std::string_view text_at(lua_State* l, int index) {
  std::size_t size = 0;
  const auto* text = lua_tolstring(l, index, &size);
  return {text, size};
}

/// The elements 1, 2, … of a table.
json::value list_at(lua_State* l, int index, lua_Unsigned size, int depth) {
  json::array list;
  for (lua_Unsigned i = 1; i <= size; ++i) {
    lua_rawgeti(l, index, static_cast<lua_Integer>(i));
    list.push_back(value_at(l, lua_gettop(l), depth));
    lua_pop(l, 1);
  }
  return list;
}

json::value table_at(lua_State* l, int index, int depth) {
  if (depth > deepest || !lua_checkstack(l, 4)) refuse("a table that is nested so deeply");
  const auto size = lua_rawlen(l, index);
  if (size > 0) return list_at(l, index, size, depth + 1);
  json::object members;
  lua_pushnil(l);
  while (lua_next(l, index) != 0) {
    if (lua_type(l, -2) != LUA_TSTRING)
      refuse("a table with keys that are neither 1, 2, … nor texts");
    members.emplace(text_at(l, -2), value_at(l, lua_gettop(l), depth + 1));
    lua_pop(l, 1);
  }
  return members;
}

json::value value_at(lua_State* l, int index, int depth) {
  switch (lua_type(l, index)) {
  case LUA_TNIL:
    return nullptr;
  case LUA_TBOOLEAN:
    return lua_toboolean(l, index) != 0;
  case LUA_TNUMBER:
    if (lua_isinteger(l, index)) return std::int64_t{lua_tointeger(l, index)};
    return lua_tonumber(l, index);
  case LUA_TSTRING:
    return json::string{text_at(l, index)};
  case LUA_TTABLE:
    return table_at(l, index, depth);
  default:
    refuse(std::string{"a "} + lua_typename(l, lua_type(l, index)));
  }
}

} // namespace

void push_to_lua(lua_State* l, const json::value& v) {
  luaL_checkstack(l, 3, "a value is nested too deeply");
  switch (v.kind()) {
  case json::kind::null:
    return lua_pushnil(l);
  case json::kind::bool_:
    return lua_pushboolean(l, v.get_bool() ? 1 : 0);
  case json::kind::int64:
    return lua_pushinteger(l, v.get_int64());
  case json::kind::uint64:
    return lua_pushnumber(l, static_cast<lua_Number>(v.get_uint64()));
  case json::kind::double_:
    return lua_pushnumber(l, v.get_double());
  case json::kind::string:
    lua_pushlstring(l, v.get_string().data(), v.get_string().size());
    return;
  case json::kind::array:
    lua_newtable(l);
    for (std::size_t i = 0; i < v.get_array().size(); ++i) {
      push_to_lua(l, v.get_array()[i]);
      lua_rawseti(l, -2, static_cast<lua_Integer>(i) + 1);
    }
    return;
  case json::kind::object:
    lua_newtable(l);
    for (const auto& member : v.get_object()) {
      push_to_lua(l, member.value());
      lua_setfield(l, -2, member.key_c_str());
    }
    return;
  }
}

json::value from_lua(lua_State* l, int index) {
  return value_at(l, lua_absindex(l, index), 0);
}

} // namespace troupe
