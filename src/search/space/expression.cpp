#include "search/space/expression.hpp"

#include "base/json.hpp"
#include "base/values.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/laws.hpp"
#include "search/space/lua_values.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <lua.hpp>
#include <memory>
#include <stdexcept>

namespace troupe {

namespace json = boost::json;

namespace {

// What one evaluation may use. Steps alone bound neither time nor memory: one step may copy or
// compare a text as long as memory allows. So all that is ever allocated counts, and the longer the
// longest text, the more a step costs.
constexpr std::size_t longest_expression = 64U << 10;
constexpr std::size_t memory_limit = 16U << 20;
constexpr std::size_t allocation_limit = 512U << 20;
constexpr std::size_t step_limit = 1'000'000;
constexpr int steps_at_once = 1000;
constexpr std::size_t text_of_one_step = 16U << 10;
constexpr std::size_t result_allowance = 1U << 20;
constexpr std::size_t argument_allowance = 16U << 20;
constexpr std::size_t longest_quote = 200;

/// What one Lua state shares with us. It lives outside of the functions that Lua calls: Lua leaves
/// those by longjmp when there is an error, past every destructor.
struct host {
  random_stream* random = nullptr;
  std::size_t memory = 0;
  std::size_t allocated = 0;
  std::size_t longest_text = 0;
  std::size_t steps = 0;
  lua_allowance for_arguments{argument_allowance};
  lua_allowance for_result{result_allowance};
  json::array arguments;
  json::value result;
  std::string problem;
};

/// Returns null, which is Lua's "not enough memory", above the limits.
void* allocate(void* data, void* block, std::size_t old_size, std::size_t new_size) {
  auto& h = *static_cast<host*>(data);
  const auto before = block ? old_size : 0; // of a new block it is not a size, but what it is for
  if (!block && old_size == LUA_TSTRING) h.longest_text = std::max(h.longest_text, new_size);
  if (new_size > before) {
    if (h.memory - before + new_size > memory_limit) return nullptr;
    if (h.allocated + new_size > allocation_limit) return nullptr;
    h.allocated += new_size;
  }
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

host& host_of(lua_State* l) {
  return **static_cast<host**>(lua_getextraspace(l));
}

void count_steps(lua_State* l, lua_Debug*) {
  auto& h = host_of(l);
  h.steps += static_cast<std::size_t>(steps_at_once) * (1 + h.longest_text / text_of_one_step);
  if (h.steps < step_limit) return;
  luaL_error(l,
             h.longest_text > text_of_one_step
                 ? "it takes more than a million steps; with a long text each counts several times"
                 : "it takes more than a million steps");
}

/// Draws from `law` with the arguments that Lua has given; false if that cannot be, with a problem.
bool draw_from(host& h, const law& law, lua_State* l) {
  h.arguments.clear();
  for (int i = 1; i <= lua_gettop(l); ++i)
    h.arguments.push_back(from_lua(l, i, h.for_arguments));
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
  auto& h = host_of(l);
  const auto& law = *static_cast<const troupe::law*>(lua_touserdata(l, lua_upvalueindex(1)));
  if (!try_draw_from(h, law, l)) return luaL_error(l, "%s", h.problem.c_str());
  push_to_lua(l, h.result);
  return 1;
}

/// A global name without a value: nil if it is a parameter's, which is absent. Whoever indexes the
/// table of globals itself may ask for any value.
int look_up_missing(lua_State* l) {
  const auto& known = *static_cast<const config*>(lua_touserdata(l, lua_upvalueindex(1)));
  if (lua_type(l, 2) != LUA_TSTRING)
    return luaL_error(l, "names are texts; found a %s", luaL_typename(l, 2));
  std::size_t size = 0;
  const auto* name = lua_tolstring(l, 2, &size);
  return known.contains({name, size}) ? 0 : luaL_error(l, "unknown name \"%s\"", name);
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
  lua_pushglobaltable(l);
  for (const auto& member : known) {
    lua_pushlstring(l, member.key().data(), member.key().size());
    push_to_lua(l, member.value());
    lua_rawset(l, -3);
  }
  lua_createtable(l, 0, 1);
  lua_pushlightuserdata(l, lua_touserdata(l, 1));
  lua_pushcclosure(l, look_up_missing, 1);
  lua_setfield(l, -2, "__index");
  lua_setmetatable(l, -2);
  if (luaL_loadbufferx(l, text.data(), text.size(), "=expr", "t") != LUA_OK) return lua_error(l);
  lua_sethook(l, count_steps, LUA_MASKCOUNT, steps_at_once);
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

/// Returns a text as messages show it: not all of a very long one.
std::string shortened(std::string_view text) {
  auto shown = std::string{text.substr(0, longest_quote)};
  if (text.size() > longest_quote) shown += "…";
  return shown;
}

/// Returns the message on the stack without the place, which is always the first line.
std::string message(lua_State* l) {
  const bool is_text = lua_type(l, -1) == LUA_TSTRING; // of others, Lua would have to make one
  auto problem = std::string{is_text ? lua_tostring(l, -1) : "an error that is not a text"};
  if (problem.starts_with("expr:")) problem.erase(0, problem.find(": ") + 2);
  return shortened(problem);
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
  if (text.size() > longest_expression)
    return "an expression has at most 65,536 characters; found " + std::to_string(text.size());
  auto h = host{};
  const auto l = make_state(h);
  // What is one between parentheses need not be one alone: "1) + (1".
  for (const auto& chunk : {as_chunk(text), "return " + text})
    if (luaL_loadbufferx(l.get(), chunk.data(), chunk.size(), "=expr", "t") != LUA_OK)
      return "not an expression in Lua: " + message(l.get());
  return {};
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
    return as_parameter(from_lua(l.get(), -1, h.for_result));
  } catch (const std::invalid_argument& problem) {
    throw std::invalid_argument{"expression \"" + shortened(e.text) + "\": " + problem.what()};
  }
}

} // namespace troupe
