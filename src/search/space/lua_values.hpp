#pragma once

#include <boost/json/value.hpp>

#include <cstddef>

struct lua_State;

namespace troupe {

/// How much may yet be made of Lua values: each value costs 8, a text also its length. It bounds
/// the time and the memory that a conversion takes, and the text that its result makes.
struct lua_allowance {
  std::size_t left;
};

/// Pushes `v` as a Lua value: lists and objects as tables, null as nil. May leave by a Lua error,
/// so no destructor may wait in the caller.
void push_to_lua(lua_State* l, const boost::json::value& v);

/// Returns the Lua value at `index`: a table is a list if its keys are 1, 2, …, else an object
/// whose members are in the order of their names; nil is null. Raises no Lua error. Throws
/// std::invalid_argument for what JSON cannot say (functions, other keys), depth, and what is more
/// than `allowed`.
boost::json::value from_lua(lua_State* l, int index, lua_allowance& allowed);

} // namespace troupe
