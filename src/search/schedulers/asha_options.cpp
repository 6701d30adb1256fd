#include "search/schedulers/asha.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <string_view>

namespace troupe {

namespace {

constexpr std::size_t most_rungs = 1000;
constexpr double most_brackets = 1000;

[[noreturn]] void refuse(std::string_view option, std::string_view wanted) {
  throw std::invalid_argument{fmt::format("asha: {} must be {}", option, wanted)};
}

double positive_number(std::string_view option, const boost::json::value& v) {
  const double x = v.is_number() ? v.to_number<double>() : std::nan("");
  if (!(x > 0) || std::isinf(x)) refuse(option, "a number > 0");
  return x;
}

std::size_t bracket_count(const boost::json::value& v) {
  const double x = v.is_number() ? v.to_number<double>() : 0;
  if (x < 1 || x != std::floor(x) || x > most_brackets)
    refuse("brackets", "an integer from 1 to 1000");
  return static_cast<std::size_t>(x);
}

bool truth(std::string_view option, const boost::json::value& v) {
  if (!v.is_bool()) refuse(option, "true or false");
  return v.get_bool();
}

std::string word(std::string_view option, const boost::json::value& v) {
  if (!v.is_string()) refuse(option, "a string");
  return std::string{std::string_view{v.get_string()}};
}

bool is_promotion(const boost::json::value& v) {
  const bool promotion = v == boost::json::value("promotion");
  if (!promotion && v != boost::json::value("stopping"))
    refuse("variant", "\"stopping\" or \"promotion\"");
  return promotion;
}

void read_option(asha_options& options, std::string_view key, const boost::json::value& v) {
  if (key == "time_attr")
    options.time_attr = word(key, v);
  else if (key == "max_t")
    options.max_t = positive_number(key, v);
  else if (key == "grace_period")
    options.grace_period = positive_number(key, v);
  else if (key == "reduction_factor")
    options.reduction_factor = positive_number(key, v);
  else if (key == "brackets")
    options.brackets = bracket_count(v);
  else if (key == "stop_last_trials")
    options.stop_last_trials = truth(key, v);
  else if (key == "variant")
    options.promotion = is_promotion(v);
  else
    throw std::invalid_argument{
        fmt::format("asha: unknown option \"{}\"; known are time_attr, max_t, grace_period, "
                    "reduction_factor, brackets, stop_last_trials, variant",
                    key)};
}

} // namespace

asha_options read_asha_options(const boost::json::object& given) {
  asha_options options;
  for (const auto& member : given)
    read_option(options, member.key(), member.value());
  if (options.reduction_factor <= 1) refuse("reduction_factor", "> 1");
  if (options.promotion && options.brackets != 1)
    refuse("brackets", "1 with the variant \"promotion\"");
  if (options.grace_period > options.max_t)
    refuse("grace_period", fmt::format("at most max_t, {:g}", options.max_t));
  return options;
}

std::vector<double> asha_ladder(const asha_options& options) {
  std::vector<double> times;
  for (double t = options.grace_period; t <= options.max_t; t *= options.reduction_factor) {
    if (times.size() == most_rungs)
      throw std::invalid_argument{
          fmt::format("{}: reduction_factor must be larger: {} makes more than {} rungs",
                      options.rule, options.reduction_factor, most_rungs)};
    times.push_back(t);
  }
  return times;
}

} // namespace troupe
