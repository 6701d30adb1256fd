#include "base/option_reader.hpp"

#include "base/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace troupe {

namespace {

std::optional<std::uint32_t> count_from(const boost::json::value& v, std::uint32_t least) {
  if (v.is_uint64()) return count_from(static_cast<double>(v.get_uint64()), least);
  const auto n = whole_number(v);
  if (!n || *n < least || *n > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(*n);
}

} // namespace

const boost::json::value* option_reader::take(std::string_view option) {
  known_.push_back(option);
  return given_.if_contains(option);
}

void option_reader::read(std::string_view option, bool& out) {
  const auto* v = take(option);
  if (!v) return;
  if (!v->is_bool()) refuse(option, "must be true or false");
  out = v->get_bool();
}

void option_reader::read(std::string_view option, std::string& out) {
  const auto* v = take(option);
  if (!v) return;
  if (!v->is_string()) refuse(option, "must be a string");
  out = std::string_view{v->get_string()};
}

void option_reader::read(std::string_view option, std::uint32_t& out, std::uint32_t least) {
  const auto* v = take(option);
  if (!v) return;
  const auto n = count_from(*v, least);
  if (!n) refuse(option, fmt::format("must be a whole number of at least {}", least));
  out = *n;
}

void option_reader::read_or_auto(std::string_view option, std::optional<std::uint32_t>& out,
                                 std::uint32_t least) {
  const auto* v = take(option);
  if (!v) return;
  const bool is_auto = v->is_string() && v->get_string() == "auto";
  out = is_auto ? std::nullopt : count_from(*v, least);
  if (!out && !is_auto)
    refuse(option, fmt::format("must be \"auto\" or a whole number of at least {}", least));
}

void option_reader::read(std::string_view option, double& out, double least, double most) {
  const auto* v = take(option);
  if (!v) return;
  const auto x = real_number(*v);
  if (!x || !(*x >= least && *x <= most))
    refuse(option, std::isinf(most) ? fmt::format("must be a number of at least {:g}", least)
                                    : fmt::format("must be from {:g} to {:g}", least, most));
  out = *x;
}

void option_reader::read(std::string_view option, double& out, double least) {
  read(option, out, least, std::numeric_limits<double>::infinity());
  if (std::isinf(out)) refuse(option, "must be finite");
}

void option_reader::read_or_null(std::string_view option, std::optional<double>& out) {
  const auto* v = take(option);
  if (!v || v->is_null()) return;
  out = real_number(*v);
  if (!out || std::isnan(*out)) refuse(option, "must be a number or null");
}

void option_reader::require(std::string_view option) const {
  if (!given_.contains(option)) refuse(option, "is missing");
}

void option_reader::finish() const {
  for (const auto& member : given_) {
    const auto is_this = [&](std::string_view option) { return option == member.key(); };
    if (std::none_of(known_.begin(), known_.end(), is_this))
      throw std::invalid_argument{fmt::format("{}: unknown option \"{}\"; known are {}", rule_,
                                              std::string_view{member.key()},
                                              fmt::join(known_, ", "))};
  }
}

void option_reader::refuse(std::string_view option, std::string_view problem) const {
  throw std::invalid_argument{fmt::format("{}: {} {}", rule_, option, problem)};
}

} // namespace troupe
