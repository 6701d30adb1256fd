#include "study/stopper_options.hpp"

#include <cstdint>
#include <string>

namespace troupe {

namespace json = boost::json;

namespace {

/// The metric that a stopper looks at; without one, the study's.
void read_metric(member_reader& in, json::object& out) {
  if (std::string metric; in.read("metric", metric)) out["metric"] = metric;
  std::string mode;
  if (!in.read("mode", mode)) return;
  if (mode != "min" && mode != "max")
    in.refuse("mode", "must be \"min\" or \"max\"; found the text \"" + mode + "\"");
  else
    out["mode"] = mode;
}

void read_bound(member_reader& in, std::string_view key, json::object& out) {
  if (double bound = 0; in.read(key, bound, above(0))) out[key] = plain_number(bound);
}

} // namespace

json::object read_budget(member_reader& in) {
  json::object out;
  read_bound(in, "iterations", out);
  read_bound(in, "device_s", out);
  if (!in.contains("iterations") && !in.contains("device_s"))
    in.refuse("", "must have iterations, device_s, or both: what may be used up");
  return out;
}

json::object read_experiment_plateau(member_reader& in) {
  double deviation = 0.001;
  std::uint32_t top = 10;
  std::uint32_t patience = 0;
  in.read("std", deviation, at_least(0));
  in.read("top", top, 1);
  in.read("patience", patience, 0);
  json::object out{{"std", plain_number(deviation)}, {"top", top}, {"patience", patience}};
  read_metric(in, out);
  return out;
}

json::object read_maximum_iteration(member_reader& in) {
  std::uint32_t most = 1;
  in.require("max_iter", "it says how many reports a trial makes at most");
  in.read("max_iter", most, 1);
  return {{"max_iter", most}};
}

json::object read_target(member_reader& in) {
  double value = 0;
  in.require("value", "it says what metric is good enough to end the study");
  in.read("value", value);
  json::object out{{"value", plain_number(value)}};
  read_metric(in, out);
  return out;
}

json::object read_trial_plateau(member_reader& in) {
  double deviation = 0.01;
  std::uint32_t num_results = 4;
  std::uint32_t grace_period = 4;
  in.read("std", deviation, at_least(0));
  in.read("num_results", num_results, 1);
  in.read("grace_period", grace_period, 0);
  json::object out{{"std", plain_number(deviation)},
                   {"num_results", num_results},
                   {"grace_period", grace_period}};
  if (double threshold = 0; in.read("metric_threshold", threshold))
    out["metric_threshold"] = plain_number(threshold);
  read_metric(in, out);
  return out;
}

} // namespace troupe
