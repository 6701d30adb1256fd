#pragma once

#include <troupe/space.hpp>
#include <troupe/trainable.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace troupe {

/// Returns what `p` wants, in words: "an integer >= 1".
std::string wanted(const parameter& p);

/// Returns whether `v` is of the kind and in the range that `p` wants.
bool fits(const parameter& p, const boost::json::value& v);

/// Says what a parameter of law `d` may come out as that `p` does not want; empty if nothing.
std::string misfit(const parameter& p, const domain& d);

} // namespace troupe
