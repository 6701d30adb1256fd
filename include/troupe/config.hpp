#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

/// The parameters of one trial, as drawn from the search space: a JSON object, nested where the
/// space is nested.
using config = boost::json::object;

/// Returns the value at `path` ("lr", or "optimizer/momentum" for a nested one), or null.
const boost::json::value* find(const config&, std::string_view path) noexcept;

namespace detail {
[[noreturn]] void missing_parameter(const config&, std::string_view path);
[[noreturn]] void wrong_parameter(std::string_view path, const boost::json::value&,
                                  std::string_view wanted);
double as_double(std::string_view path, const boost::json::value&);
std::int64_t as_integer(std::string_view path, const boost::json::value&);
} // namespace detail

/// Returns the parameter at `path` as a `T`: bool, an integer type, a floating-point type or
/// std::string. Throws std::invalid_argument, naming the path and what was found, if it is absent
/// or of another kind. A float with an integral value (16.0) reads as an integer.
template <class T>
T param(const config& c, std::string_view path) {
  const boost::json::value* v = find(c, path);
  if (!v) detail::missing_parameter(c, path);
  if constexpr (std::same_as<T, bool>) {
    if (!v->is_bool()) detail::wrong_parameter(path, *v, "true or false");
    return v->get_bool();
  } else if constexpr (std::integral<T>) {
    const std::int64_t n = detail::as_integer(path, *v);
    if (!std::in_range<T>(n)) detail::wrong_parameter(path, *v, "an integer in range");
    return static_cast<T>(n);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<T>(detail::as_double(path, *v));
  } else {
    static_assert(std::same_as<T, std::string>, "param<T>: bool, integer, float or std::string");
    if (!v->is_string()) detail::wrong_parameter(path, *v, "a string");
    return std::string{std::string_view{v->get_string()}};
  }
}

/// The same, or `fallback` if there is nothing at `path`: `param(c, "momentum", 0.9)`.
/// @{
template <class T>
T param(const config& c, std::string_view path, T fallback) {
  return find(c, path) ? param<T>(c, path) : fallback;
}

inline std::string param(const config& c, std::string_view path, const char* fallback) {
  return param<std::string>(c, path, fallback);
}
/// @}

} // namespace troupe
