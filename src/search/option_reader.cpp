#include "search/option_reader.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace troupe {

namespace {

double as_number(const boost::json::value& v) {
  return v.is_number() ? v.to_number<double>() : std::nan("");
}

} // namespace

void option_reader::read(std::string_view key, bool& out) {
  const auto* v = take(key);
  if (!v) return;
  if (!v->is_bool()) refuse(key, "true or false");
  out = v->get_bool();
}

void option_reader::read(std::string_view key, std::string& out) {
  const auto* v = take(key);
  if (!v) return;
  if (!v->is_string()) refuse(key, "a string");
  out = std::string_view{v->get_string()};
}

void option_reader::read(std::string_view key, double& out, double least) {
  const auto* v = take(key);
  if (!v) return;
  const double x = as_number(*v);
  if (!(x >= least) || std::isinf(x)) refuse(key, fmt::format("a number of at least {:g}", least));
  out = x;
}

void option_reader::read(std::string_view key, std::size_t& out) {
  constexpr double most = 1e15;
  const auto* v = take(key);
  if (!v) return;
  const double x = as_number(*v);
  if (!(x >= 0 && x <= most) || x != std::floor(x)) refuse(key, "a whole number of at least 0");
  out = static_cast<std::size_t>(x);
}

void option_reader::refuse_others() const {
  for (const auto& member : given_)
    if (std::ranges::find(known_, std::string_view{member.key()}) == known_.end())
      throw std::invalid_argument{fmt::format("{}: unknown option \"{}\"; known are {}", scheduler_,
                                              std::string_view{member.key()},
                                              fmt::join(known_, ", "))};
}

void option_reader::refuse(std::string_view key, std::string_view wanted) const {
  throw std::invalid_argument{fmt::format("{}: {} must be {}", scheduler_, key, wanted)};
}

const boost::json::value* option_reader::take(std::string_view key) {
  known_.push_back(key);
  return given_.if_contains(key);
}

} // namespace troupe
