#include "search/space/lua_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <lua.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

/// Also what is left of a table that contains itself.
constexpr int deepest = 32;

constexpr std::size_t cost_of_value = 8;

[[noreturn]] void refuse(const std::string& what) {
  throw std::invalid_argument{what + " is no value of a parameter"};
}

/// Reads values from one state. Nothing that it calls raises a Lua error, which would pass by its
/// destructors.
class lua_reader {
public:
  lua_reader(lua_State* l, lua_allowance& allowed) : l_{l}, allowed_{allowed} {}

  json::value value_at(int index, int depth) {
    spend(cost_of_value);
    switch (lua_type(l_, index)) {
    case LUA_TNIL:
      return nullptr;
    case LUA_TBOOLEAN:
      return lua_toboolean(l_, index) != 0;
    case LUA_TNUMBER:
      if (lua_isinteger(l_, index)) return std::int64_t{lua_tointeger(l_, index)};
      return lua_tonumber(l_, index);
    case LUA_TSTRING:
      return json::string{text_at(index)};
    case LUA_TTABLE:
      return table_at(index, depth);
    default:
      refuse(std::string{"a "} + lua_typename(l_, lua_type(l_, index)));
    }
  }

private:
  void spend(std::size_t cost) {
    if (cost > allowed_.left)
      throw std::invalid_argument{"it makes too much of tables and texts: a parameter, and what is "
                                  "handed to laws, has at most 131,072 values or 1 MB of text"};
    allowed_.left -= cost;
  }

  /// The value must be a text: of a number, Lua would make one.
  std::string_view text_at(int index) {
    std::size_t size = 0;
    const auto* text = lua_tolstring(l_, index, &size);
    spend(size);
    return {text, size};
  }

  /// The elements 1, 2, … of a table.
  json::value list_at(int index, lua_Unsigned size, int depth) {
    json::array list;
    for (lua_Unsigned i = 1; i <= size; ++i) {
      lua_rawgeti(l_, index, static_cast<lua_Integer>(i));
      list.push_back(value_at(lua_gettop(l_), depth));
      lua_pop(l_, 1);
    }
    return list;
  }

  json::value table_at(int index, int depth) {
    if (depth > deepest || !lua_checkstack(l_, 4)) refuse("a table that is nested so deeply");
    const auto size = lua_rawlen(l_, index);
    if (size > 0) return list_at(index, size, depth + 1);
    std::vector<std::pair<std::string_view, json::value>> members;
    lua_pushnil(l_);
    while (lua_next(l_, index) != 0) {
      if (lua_type(l_, -2) != LUA_TSTRING)
        refuse("a table with keys that are neither 1, 2, … nor texts");
      const auto key = text_at(-2);
      members.emplace_back(key, value_at(lua_gettop(l_), depth + 1));
      lua_pop(l_, 1);
    }
    // Lua's own order is another one in each process.
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    json::object object;
    object.reserve(members.size());
    for (auto& [key, value] : members)
      object.emplace(key, std::move(value));
    return object;
  }

  lua_State* l_;
  lua_allowance& allowed_;
};

void push_text(lua_State* l, std::string_view text) {
  lua_pushlstring(l, text.data(), text.size());
}

} // namespace

void push_to_lua(lua_State* l, const json::value& v) {
  luaL_checkstack(l, 4, "a value is nested too deeply");
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
    return push_text(l, v.get_string());
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
      push_text(l, member.key());
      push_to_lua(l, member.value());
      lua_rawset(l, -3);
    }
    return;
  }
}

json::value from_lua(lua_State* l, int index, lua_allowance& allowed) {
  return lua_reader{l, allowed}.value_at(lua_absindex(l, index), 0);
}

} // namespace troupe
