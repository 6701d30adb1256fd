#pragma once

#include "base/options.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace troupe {

/// Adds the schema of an object {"name": NAME, …options} to `definitions`, as `kind`, and those of
/// plugins that stand in its options. NAME decides which options there are.
void add_plugins(boost::json::object& definitions, std::string_view kind, const plugin_list& known);

/// Returns a schema that is the definition called `name`.
boost::json::object reference_to(std::string_view name);

/// Returns the schema of an object of which the member "name" decides what else there is: `choices`
/// are schemas by name. With `open`, there may be other names, with anything.
boost::json::object choice_by_name(const boost::json::object& choices, bool open);

} // namespace troupe
