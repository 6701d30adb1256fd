#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// Returns how to call `v` in a message: `the text "abc"`, `0.5`, `null`, `[1, 2]`; a long list or
/// object is only `a list` or `an object`, and is cut behind the first name of a secret in it.
std::string describe(const boost::json::value& v);

/// Returns the integer that `v` is: a JSON integer, or a float with an integral value (16.0). None
/// if it is not one, or does not fit.
std::optional<std::int64_t> whole_number(const boost::json::value& v) noexcept;

/// Returns the double nearest to the JSON number `v`; none if it is not a number.
std::optional<double> real_number(const boost::json::value& v) noexcept;

/// Returns `x` as people write it: integral values without a fraction.
boost::json::value plain_number(double x);

} // namespace troupe
