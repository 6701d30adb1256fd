#include "study/halving_options.hpp"

#include "base/json.hpp"

#include <cstdint>
#include <string>

namespace troupe {

namespace json = boost::json;

namespace {

/// Reads what asha and moasha have in common.
json::object read_ladder(member_reader& in) {
  auto time_attr = std::string{"training_iteration"};
  double max_t = 100;
  double grace_period = 1;
  double reduction_factor = 4;
  in.read("time_attr", time_attr);
  const bool sets_max_t = in.read("max_t", max_t, above(0));
  const bool sets_grace = in.read("grace_period", grace_period, above(0));
  in.read("reduction_factor", reduction_factor, above(1));
  if (grace_period > max_t && (sets_max_t || sets_grace))
    in.refuse(sets_grace ? "grace_period" : "max_t",
              "grace_period must not be above max_t; found grace_period " +
                  to_text(plain_number(grace_period)) + " and max_t " +
                  to_text(plain_number(max_t)));
  return {{"time_attr", time_attr},
          {"max_t", plain_number(max_t)},
          {"grace_period", plain_number(grace_period)},
          {"reduction_factor", plain_number(reduction_factor)}};
}

} // namespace

json::object read_moasha(member_reader& in) {
  auto options = read_ladder(in);
  bool stop_last_trials = true;
  in.read("stop_last_trials", stop_last_trials);
  options["stop_last_trials"] = stop_last_trials;
  return options;
}

json::object read_asha(member_reader& in) {
  auto options = read_ladder(in);
  std::uint32_t brackets = 1;
  bool stop_last_trials = true;
  in.read("brackets", brackets, 1);
  in.read("stop_last_trials", stop_last_trials);
  auto variant = std::string{"stopping"};
  if (in.read("variant", variant) && variant != "stopping" && variant != "promotion")
    in.refuse("variant", "must be \"stopping\" or \"promotion\"; found \"" + variant + "\"");
  if (variant == "promotion" && brackets != 1)
    in.refuse("brackets",
              "must be 1 with \"variant\": \"promotion\"; found " + std::to_string(brackets));
  options["brackets"] = brackets;
  options["stop_last_trials"] = stop_last_trials;
  options["variant"] = variant;
  return options;
}

bool is_promotion(const json::object& options) {
  const auto* variant = options.if_contains("variant");
  return variant && *variant == "promotion";
}

json::object read_bohb_brackets(member_reader& in) {
  auto time_attr = std::string{"training_iteration"};
  double max_t = 81;
  double reduction_factor = 3;
  bool stop_last_trials = true;
  in.read("time_attr", time_attr);
  in.read("max_t", max_t, at_least(1));
  in.read("reduction_factor", reduction_factor, above(1));
  in.read("stop_last_trials", stop_last_trials);
  return {{"time_attr", time_attr},
          {"max_t", plain_number(max_t)},
          {"reduction_factor", plain_number(reduction_factor)},
          {"stop_last_trials", stop_last_trials}};
}

json::object read_hyperband(member_reader& in) {
  auto options = read_bohb_brackets(in);
  std::string compat;
  if (in.read("compat", compat) && compat != "ray")
    in.refuse("compat", "must be \"ray\" or absent; found the text \"" + compat + "\"");
  if (!compat.empty()) options["compat"] = compat;
  return options;
}

} // namespace troupe
