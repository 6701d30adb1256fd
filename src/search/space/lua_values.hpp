#pragma once

#include <boost/json/value.hpp>

struct lua_State;

namespace troupe {

/// Pushes `v` as a Lua value: lists and objects as tables, null as nil. May leave by a Lua error,
/// so no destructor may wait in the caller.
void push_to_lua(lua_State* l, const boost::json::value& v);

/// Returns the Lua value at `index`: a table is a list if its keys are 1, 2, …, else an object; nil
/// is null. Throws std::invalid_argument for what JSON cannot say: functions, other keys, depth.
boost::json::value from_lua(lua_State* l, int index);

} // namespace troupe
