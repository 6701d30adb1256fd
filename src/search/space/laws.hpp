#pragma once

#include <troupe/space.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace troupe {

/// A law of the search space, as a study file writes it: `{NAME: ARGUMENT}`.
struct law {
  std::string_view name;
  std::string_view takes; ///< What the argument must be: "[low, high], two numbers".

  /// Returns the domain, or none if the argument has the wrong form. Null if the name is reserved
  /// for a law that is not there.
  std::optional<domain> (*read)(const boost::json::value& argument);
};

/// Returns the law called `name`, or null.
const law* find_law(std::string_view name) noexcept;

/// Returns the names of the laws that can be read.
std::span<const std::string_view> law_names();

/// Returns `d` as it stands in a study file.
boost::json::value to_json(const domain& d);

} // namespace troupe
