#include "search/searchers/tpe/options.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cmath>
#include <stdexcept>
#include <string_view>

namespace troupe {

namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view wanted) {
  throw std::invalid_argument{fmt::format("tpe: {} must be {}", option, wanted)};
}

std::uint32_t count(std::string_view option, const boost::json::value& v, double least) {
  constexpr double most = 4'294'967'295;
  const double x = v.is_number() ? v.to_number<double>() : -1;
  if (x < least || x != std::floor(x) || x > most)
    refuse(option, fmt::format("an integer of at least {}", least));
  return static_cast<std::uint32_t>(x);
}

bool truth(std::string_view option, const boost::json::value& v) {
  if (!v.is_bool()) refuse(option, "true or false");
  return v.get_bool();
}

double positive_number(std::string_view option, const boost::json::value& v) {
  const double x = v.is_number() ? v.to_number<double>() : std::nan("");
  if (!(x > 0) || std::isinf(x)) refuse(option, "a number > 0");
  return x;
}

tpe::bandwidths rule(std::string_view option, const boost::json::value& v) {
  if (v == "neighbours") return tpe::bandwidths::neighbours;
  if (v == "shared") return tpe::bandwidths::shared;
  refuse(option, "\"neighbours\" or \"shared\"");
}

void read_option(tpe_options& options, std::string_view key, const boost::json::value& v) {
  if (key == "n_startup_trials")
    options.n_startup_trials = count(key, v, 0);
  else if (key == "n_ei_candidates")
    options.n_ei_candidates = count(key, v, 1);
  else if (key == "multivariate")
    options.multivariate = truth(key, v);
  else if (key == "group")
    options.group = truth(key, v);
  else if (key == "constant_liar")
    options.constant_liar = truth(key, v);
  else if (key == "prior_weight")
    options.kernels.prior_weight = positive_number(key, v);
  else if (key == "consider_magic_clip")
    options.kernels.consider_magic_clip = truth(key, v);
  else if (key == "consider_endpoints")
    options.kernels.consider_endpoints = truth(key, v);
  else if (key == "bandwidths")
    options.kernels.bandwidths = rule(key, v);
  else
    throw std::invalid_argument{fmt::format(
        "tpe: unknown option \"{}\"; known are n_startup_trials, n_ei_candidates, multivariate, "
        "group, constant_liar, prior_weight, consider_magic_clip, consider_endpoints, bandwidths",
        key)};
}

} // namespace

tpe_options read_tpe_options(const boost::json::object& given) {
  tpe_options options;
  for (const auto& member : given)
    read_option(options, member.key(), member.value());
  if (options.group && !options.multivariate.value_or(true))
    refuse("group", "false if multivariate is false: groups are drawn jointly");
  return options;
}

} // namespace troupe
