#pragma once

#include "search/tpe/dimension.hpp"

#include <troupe/space.hpp>

#include <boost/json/value.hpp>

#include <optional>

namespace troupe::tpe {

/// What TPE makes of the laws of a search space:
///
///   constant    nothing: it is never modelled
///   uniform     an interval; `high` itself is not suggested, as it is never drawn
///   loguniform  an interval whose logarithm is modelled
///   randint     the grid low, low + 1, …, high - 1
///   choice      its values, by their place in the list, without any order
///
/// A randint or a choice with one value is not modelled either.
/// @{

/// Returns the dimension of a domain, none if there is nothing to choose.
std::optional<dimension> dimension_of(const domain& d);

/// Returns the value of a domain in its dimension's own scale; NaN if `v` is not one of its values.
/// Of equal values of a choice the first counts.
double to_number(const domain& d, const boost::json::value& v);

/// Returns the value that the number `x` of a domain's dimension stands for.
boost::json::value to_value(const domain& d, double x);
/// @}

} // namespace troupe::tpe
