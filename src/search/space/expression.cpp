#include "search/space/expression.hpp"

#include "base/json.hpp"
#include "base/values.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/laws.hpp"
#include "search/space/lua_values.hpp"

#include <boost/json/array.hpp>

#include <cmath>
#include <cstdlib>
#include <lua.hpp>
#include <memory>
#include <stdexcept>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::size_t memory_limit = 16U << 20;
constexpr int instruction_limit = 1'000'000;

/// What one Lua state shares with us. It lives outside of the functions that Lua calls: Lua leaves
/// those by longjmp when there is an error, past every destructor.
struct host {
  random_stream* random = nullptr;
  std::size_t memory = 0;
  json::array arguments;
  json::value result;
  std::string problem;
};

/// Returns null, which is Lua's "not enough memory", above the limit.
void* allocate(void* data, void* block, std::size_t old_size, std::size_t new_size) {
  auto& h = *static_cast<host*>(data);
  const auto before = block ? old_size : 0; // of a new block it is not a size
  if (h.memory - before + new_size > memory_limit) return nullptr;
  void* moved = nullptr;
  if (new_size > 0) {
    moved = std::realloc(block, new_size);
    if (!moved) return nullptr;
  } else {
    std::free(block);
  }
  h.memory += new_size - before;
  return moved;
}

void stop_long_run(lua_State* l, lua_Debug*) {
  luaL_error(l, "it takes more than a million steps");
}

/// Draws from `law` with the arguments that Lua has given; false if that cannot be, with a problem.
bool draw_from(host& h, const law& law, lua_State* l) {
  h.arguments.clear();
  for (int i = 1; i <= lua_gettop(l); ++i)
    h.arguments.push_back(from_lua(l, i));
  const bool has_list = h.arguments.size() == 1 && h.arguments[0].is_structured();
  const auto domain = law.read(has_list ? h.arguments[0] : json::value(h.arguments));
  if (domain) h.problem = impossible(*domain);
  if (domain && h.problem.empty()) h.result = draw(*domain, *h.random);
  if (!domain) h.problem = std::string{law.name} + " takes " + std::string{law.takes};
  return h.problem.empty();
}

/// The same without exceptions, which Lua does not know.
bool try_draw_from(host& h, const law& law, lua_State* l) noexcept {
  try {
    return draw_from(h, law, l);
  } catch (const std::exception& e) {
    h.problem = e.what();
    return false;
  }
}

/// The Lua function of a law, which is its upvalue.
int call_law(lua_State* l) {
  auto& h = **static_cast<host**>(lua_getextraspace(l));
  const auto& law = *static_cast<const troupe::law*>(lua_touserdata(l, lua_upvalueindex(1)));
  if (!try_draw_from(h, law, l)) return luaL_error(l, "%s", h.problem.c_str());
  push_to_lua(l, h.result);
  return 1;
}

/// A global name without a value: nil if it is a parameter's, which is absent.
int look_up_missing(lua_State* l) {
  const auto& known = *static_cast<const config*>(lua_touserdata(l, lua_upvalueindex(1)));
  const auto* name = lua_tostring(l, 2);
  return known.contains(name) ? 0 : luaL_error(l, "unknown name \"%s\"", name);
}

void open_functions(lua_State* l) {
  luaL_requiref(l, LUA_MATHLIBNAME, luaopen_math, 1);
  for (const auto* name : {"random", "randomseed"}) {
    lua_pushnil(l);
    lua_setfield(l, -2, name);
  }
  lua_pop(l, 1);
  for (const auto name : law_names()) {
    if (!is_expression_function(name)) continue;
    lua_pushlightuserdata(l, const_cast<law*>(find_law(name)));
    lua_pushcclosure(l, call_law, 1);
    lua_setglobal(l, name.data()); // a literal: it ends in zero
  }
}

/// What is called under protection: compiles, opens everything, evaluates. The arguments are the
/// parameters and the text.
int run(lua_State* l) {
  const auto& known = *static_cast<const config*>(lua_touserdata(l, 1));
  const auto& text = *static_cast<const std::string*>(lua_touserdata(l, 2));
  open_functions(l);
  for (const auto& member : known) {
    push_to_lua(l, member.value());
    lua_setglobal(l, member.key_c_str());
  }
  lua_pushglobaltable(l);
  lua_createtable(l, 0, 1);
  lua_pushlightuserdata(l, lua_touserdata(l, 1));
  lua_pushcclosure(l, look_up_missing, 1);
  lua_setfield(l, -2, "__index");
  lua_setmetatable(l, -2);
  if (luaL_loadbufferx(l, text.data(), text.size(), "=expr", "t") != LUA_OK) return lua_error(l);
  lua_sethook(l, stop_long_run, LUA_MASKCOUNT, instruction_limit);
  lua_call(l, 0, 1);
  return 1;
}

/// A line that returns the value of the one expression `text`.
std::string as_chunk(const std::string& text) {
  return "return (" + text + "\n)";
}

struct closer {
  void operator()(lua_State* l) const noexcept { lua_close(l); }
};
using state = std::unique_ptr<lua_State, closer>;

state make_state(host& h) {
  auto l = state{lua_newstate(allocate, &h)};
  if (!l) throw std::bad_alloc{};
  *static_cast<host**>(lua_getextraspace(l.get())) = &h;
  return l;
}

/// Returns the message on the stack without the place, which is always the first line.
std::string message(lua_State* l) {
  const auto* text = lua_tostring(l, -1);
  auto problem = std::string{text ? text : "an error that is not a text"};
  if (problem.starts_with("expr:")) problem.erase(0, problem.find(": ") + 2);
  return problem;
}

/// Integral floats become integers; what JSON cannot say is refused.
json::value as_parameter(json::value v) {
  if (const auto* x = v.if_double()) {
    if (!std::isfinite(*x))
      throw std::invalid_argument{"it gives " + to_text(*x) + ", which is no finite number"};
    return plain_number(*x);
  }
  if (v.is_null()) throw std::invalid_argument{"it gives nothing (nil)"};
  return v;
}

} // namespace

std::string wrong_syntax(const std::string& text) {
  if (text.find_first_not_of(" \t\r\n") == text.npos) return "an expression cannot be empty";
  auto h = host{};
  const auto l = make_state(h);
  const auto chunk = as_chunk(text);
  if (luaL_loadbufferx(l.get(), chunk.data(), chunk.size(), "=expr", "t") == LUA_OK) return {};
  return "not an expression in Lua: " + message(l.get());
}

json::value evaluate(const expression& e, const config& known, random_stream& random) {
  auto h = host{};
  h.random = &random;
  const auto l = make_state(h);
  const auto chunk = as_chunk(e.text);
  lua_pushcfunction(l.get(), run);
  lua_pushlightuserdata(l.get(), const_cast<config*>(&known));
  lua_pushlightuserdata(l.get(), const_cast<std::string*>(&chunk));
  try {
    if (lua_pcall(l.get(), 2, 1, 0) != LUA_OK) throw std::invalid_argument{message(l.get())};
    return as_parameter(from_lua(l.get(), -1));
  } catch (const std::invalid_argument& problem) {
    throw std::invalid_argument{"expression \"" + e.text + "\": " + problem.what()};
  }
}

} // namespace troupe
