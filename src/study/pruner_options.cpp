#include "study/pruner_options.hpp"

#include "study/plugins.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

/// The rules that `patient` can wrap.
constexpr auto rules =
    std::to_array<plugin>({{"optuna_percentile", read_optuna_percentile},
                           {"optuna_successive_halving", read_optuna_successive_halving},
                           {"optuna_hyperband", read_optuna_hyperband},
                           {"wilcoxon", read_wilcoxon},
                           {"patient", read_patient},
                           {"threshold", read_threshold},
                           {"optuna_median", read_optuna_median}});

void read_count(member_reader& in, std::string_view key, std::uint32_t value, std::uint32_t least,
                json::object& out) {
  in.read(key, value, least);
  out[key] = value;
}

/// Reads a count of at least 1, or "auto".
void read_resource(member_reader& in, std::string_view key, json::value value, json::object& out) {
  const auto* v = in.object().if_contains(key);
  if (v && v->is_string()) {
    value = "auto";
    if (*in.take(key) != value)
      in.refuse(key, "must be \"auto\" or a whole number of at least 1; found " + describe(*v));
  } else if (std::uint32_t count = 1; in.read(key, count, 1)) {
    value = count;
  }
  out[key] = std::move(value);
}

/// Reads a number, or null.
void read_bound(member_reader& in, std::string_view key, json::object& out) {
  out[key] = nullptr;
  const auto* v = in.object().if_contains(key);
  double bound = 0;
  if (v && v->is_null())
    in.take(key);
  else if (in.read(key, bound))
    out[key] = plain_number(bound);
}

/// Reads a number from 0 to `most`.
void read_part(member_reader& in, std::string_view key, double value, double most,
               json::object& out) {
  if (in.read(key, value) && !(value >= 0 && value <= most))
    in.refuse(key, "must be a number from 0 to " + to_text(plain_number(most)) + "; found " +
                       to_text(plain_number(value)));
  out[key] = plain_number(value);
}

void read_percentile_counts(member_reader& in, json::object& out) {
  read_count(in, "n_startup_trials", 5, 0, out);
  read_count(in, "n_warmup_steps", 0, 0, out);
  read_count(in, "interval_steps", 1, 1, out);
  read_count(in, "n_min_trials", 1, 1, out);
}

/// Returns whether there is a bound, whatever it is.
bool has_bound(const member_reader& in, std::string_view key) {
  const auto* v = in.object().if_contains(key);
  return v && !v->is_null();
}

/// Reads the rule that `patient` wraps, or null.
json::value read_wrapped(member_reader& in) {
  if (const auto* v = in.object().if_contains("wrapped_pruner"); !v || v->is_null()) {
    in.take("wrapped_pruner");
    return nullptr;
  }
  named_options wrapped;
  read_plugin(in, "wrapped_pruner", rules, wrapped);
  json::object out{{"name", wrapped.name}};
  for (const auto& option : wrapped.options)
    out.insert(option);
  return out;
}

/// Refuses a bootstrap_count where `resource` is still to be estimated.
void check_bootstrap(member_reader& in, std::string_view resource, const json::object& options) {
  if (options.at(resource) == "auto" && options.at("bootstrap_count") != 0)
    in.refuse("bootstrap_count",
              "above 0 needs a " + std::string{resource} + " other than \"auto\"");
}

} // namespace

json::object read_optuna_median(member_reader& in) {
  json::object out;
  read_percentile_counts(in, out);
  return out;
}

json::object read_optuna_percentile(member_reader& in) {
  json::object out;
  in.require("percentile", "it says how many percent of the trials are good enough");
  read_part(in, "percentile", 50, 100, out);
  read_percentile_counts(in, out);
  return out;
}

json::object read_optuna_successive_halving(member_reader& in) {
  json::object out;
  read_resource(in, "min_resource", "auto", out);
  read_count(in, "reduction_factor", 4, 2, out);
  read_count(in, "min_early_stopping_rate", 0, 0, out);
  read_count(in, "bootstrap_count", 0, 0, out);
  check_bootstrap(in, "min_resource", out);
  return out;
}

json::object read_optuna_hyperband(member_reader& in) {
  json::object out;
  read_count(in, "min_resource", 1, 1, out);
  read_resource(in, "max_resource", "auto", out);
  read_count(in, "reduction_factor", 3, 2, out);
  read_count(in, "bootstrap_count", 0, 0, out);
  check_bootstrap(in, "max_resource", out);
  if (const auto& most = out.at("max_resource");
      most != "auto" && most.to_number<double>() < out.at("min_resource").to_number<double>())
    in.refuse("max_resource", "must be at least min_resource, " + to_text(out.at("min_resource")));
  return out;
}

json::object read_wilcoxon(member_reader& in) {
  json::object out;
  read_part(in, "p_threshold", 0.1, 1, out);
  read_count(in, "n_startup_steps", 2, 0, out);
  return out;
}

json::object read_patient(member_reader& in) {
  json::object out;
  out["wrapped_pruner"] = read_wrapped(in);
  in.require("patience", "it says for how many reports to wait for a better one");
  read_count(in, "patience", 0, 0, out);
  double min_delta = 0;
  in.read("min_delta", min_delta, at_least(0));
  out["min_delta"] = plain_number(min_delta);
  return out;
}

json::object read_threshold(member_reader& in) {
  json::object out;
  read_bound(in, "lower", out);
  read_bound(in, "upper", out);
  if (!has_bound(in, "lower") && !has_bound(in, "upper"))
    in.refuse("", "needs lower or upper, a number each");
  const auto& lower = out.at("lower");
  const auto& upper = out.at("upper");
  if (!lower.is_null() && !upper.is_null() && lower.to_number<double>() > upper.to_number<double>())
    in.refuse("lower", "must not be above upper, " + to_text(upper));
  read_count(in, "n_warmup_steps", 0, 0, out);
  read_count(in, "interval_steps", 1, 1, out);
  return out;
}

} // namespace troupe
