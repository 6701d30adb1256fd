#include "base/json.hpp"
#include "base/option_values.hpp"
#include "base/values.hpp"
#include "search/schedulers/asha.hpp"
#include "search/schedulers/moasha.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string_view>

namespace troupe {

namespace {

using enum option_type;

constexpr std::size_t most_rungs = 1000;

constexpr option time_attr{.key = "time_attr",
                           .type = text,
                           .help = "which metric tells the time",
                           .fallback = "\"training_iteration\""};
constexpr option max_t{.key = "max_t",
                       .type = number,
                       .help = "the time at which trials end",
                       .fallback = "100",
                       .range = above(0, most_time)};
constexpr option grace_period{.key = "grace_period",
                              .type = number,
                              .help = "the time before which nobody is judged; at most max_t",
                              .fallback = "1",
                              .range = above(0, most_time)};
constexpr option reduction_factor{.key = "reduction_factor",
                                  .type = number,
                                  .help = "that about one in so many goes on at each rung",
                                  .fallback = "4",
                                  .range = above(1, 1e9)};
constexpr option stop_last_trials{.key = "stop_last_trials",
                                  .type = truth,
                                  .help = "whether max_t ends trials",
                                  .fallback = "true"};

constexpr std::string_view variants[] = {"stopping", "promotion"};

constexpr option asha_table[] = {
    time_attr,
    max_t,
    grace_period,
    reduction_factor,
    {.key = "brackets",
     .type = whole,
     .help = "how many brackets trials are spread over; bracket s leaves out the s lowest rungs",
     .fallback = "1",
     .range = from(1, 1000)},
    stop_last_trials,
    {.key = "variant",
     .type = word,
     .help =
         "whether the worse trials end, or pause until they are among the best: the paper's own",
     .fallback = "\"stopping\"",
     .words = variants},
};

constexpr option moasha_table[] = {time_attr, max_t, grace_period, reduction_factor,
                                   stop_last_trials};

/// None if there are too many.
std::optional<std::vector<double>> ladder(double first, double last, double factor) {
  std::vector<double> times;
  for (double t = first; t <= last; t *= factor) {
    if (times.size() == most_rungs) return std::nullopt;
    times.push_back(t);
  }
  return times;
}

std::string too_many_rungs(double factor) {
  return fmt::format("must be larger: {} makes more than {} rungs", factor, most_rungs);
}

void check_ladder(const option_values& in, std::vector<option_problem>& problems) {
  const double longest = in.number("max_t");
  const double grace = in.number("grace_period");
  const double factor = in.number("reduction_factor");
  if (grace > longest)
    problems.push_back({in.given("grace_period") ? "grace_period" : "max_t",
                        "grace_period must not be above max_t; found grace_period " +
                            to_text(plain_number(grace)) + " and max_t " +
                            to_text(plain_number(longest))});
  else if (!ladder(grace, longest, factor))
    problems.push_back({"reduction_factor", too_many_rungs(factor)});
}

void check_asha(const option_values& in, std::vector<option_problem>& problems) {
  check_ladder(in, problems);
  if (in.text("variant") == "promotion" && in.count("brackets") != 1)
    problems.push_back(
        {"brackets",
         fmt::format("must be 1 with \"variant\": \"promotion\"; found {}", in.count("brackets"))});
}

} // namespace

constinit const plugin asha_plugin{
    .name = "asha",
    .summary = "asynchronous successive halving: at each rung the best go on",
    .options = asha_table,
    .check = check_asha};

constinit const plugin moasha_plugin{.name = "moasha",
                                     .summary =
                                         "asynchronous successive halving for several metrics",
                                     .options = moasha_table,
                                     .check = check_ladder};

asha_options read_asha_options(const boost::json::object& given, const plugin& about) {
  const auto in = option_values::of(about, given);
  asha_options options;
  options.time_attr = in.text("time_attr");
  options.max_t = in.number("max_t");
  options.grace_period = in.number("grace_period");
  options.reduction_factor = in.number("reduction_factor");
  options.brackets = in.maybe_count("brackets").value_or(1);
  options.stop_last_trials = in.truth("stop_last_trials");
  options.promotion = asks_for_promotion(given);
  options.rule = about.name;
  return options;
}

bool asks_for_promotion(const boost::json::object& options) {
  const auto* v = options.if_contains("variant");
  return v && *v == "promotion";
}

std::vector<double> asha_ladder(const asha_options& options) {
  auto times = ladder(options.grace_period, options.max_t, options.reduction_factor);
  if (times) return *std::move(times);
  throw std::invalid_argument{fmt::format("{}: reduction_factor {}", options.rule,
                                          too_many_rungs(options.reduction_factor))};
}

} // namespace troupe
