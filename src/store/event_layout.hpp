#pragma once

#include <troupe/events.hpp>

#include <array>
#include <string_view>
#include <tuple>

/// The names of event kinds and of their fields in JSON, one line each: what is written and what is
/// read follows from this table.
namespace troupe::detail {

/// What verdicts are called, in their order.
inline constexpr std::array verdict_names{"proceed", "stop", "pause"};

/// What the sides of stop rules are called, in their order.
inline constexpr std::array side_names{"at_least", "at_most"};

template <class Struct, class Value>
struct field {
  std::string_view name;
  Value Struct::*member;
  bool rare = false; ///< Written only if it is not what it mostly is; absent, it is that.
};

template <class Struct, class Value>
constexpr field<Struct, Value> named(std::string_view name, Value Struct::*member) {
  return {name, member};
}

template <class Struct, class Value>
constexpr field<Struct, Value> rarely(std::string_view name, Value Struct::*member) {
  return {name, member, true};
}

template <class Struct>
struct layout;

template <>
struct layout<lease> {
  static constexpr auto fields =
      std::tuple{named("id", &lease::id), named("cpu", &lease::cpu), named("gpu", &lease::gpu),
                 named("memory_gb", &lease::memory_gb), named("gpus", &lease::gpus)};
};

template <>
struct layout<resources> {
  static constexpr auto fields =
      std::tuple{named("cpu", &resources::cpu), named("gpu", &resources::gpu),
                 named("memory_gb", &resources::memory_gb), rarely("custom", &resources::custom)};
};

template <>
struct layout<event_kind::study_started> {
  using type = event_kind::study_started;
  static constexpr std::string_view kind = "study_started";
  static constexpr auto fields =
      std::tuple{named("name", &type::name), named("num_samples", &type::num_samples),
                 rarely("trains", &type::trains), rarely("identity", &type::identity),
                 rarely("program", &type::program)};
};

template <>
struct layout<event_kind::trial_added> {
  using type = event_kind::trial_added;
  static constexpr std::string_view kind = "trial_added";
  static constexpr auto fields = std::tuple{named("config", &type::config),
                                            named("seen", &type::seen),
                                            rarely("by", &type::by),
                                            rarely("known", &type::known),
                                            rarely("optuna_trial", &type::optuna_trial),
                                            rarely("within", &type::within)};
};

template <>
struct layout<event_kind::trial_started> {
  using type = event_kind::trial_started;
  static constexpr std::string_view kind = "trial_started";
  static constexpr auto fields =
      std::tuple{named("attempt", &type::attempt), named("from_iteration", &type::from_iteration),
                 named("lease", &type::lease), named("client", &type::client)};
};

template <>
struct layout<event_kind::trial_reported> {
  using type = event_kind::trial_reported;
  static constexpr std::string_view kind = "trial_reported";
  static constexpr auto fields =
      std::tuple{named("iteration", &type::iteration), named("metrics", &type::metrics),
                 named("takes", &type::checkpoint), named("iteration_s", &type::iteration_s),
                 named("total_s", &type::total_s)};
};

template <>
struct layout<event_kind::trial_decided> {
  using type = event_kind::trial_decided;
  static constexpr std::string_view kind = "trial_decided";
  static constexpr auto fields =
      std::tuple{named("iteration", &type::iteration), named("verdict", &type::verdict),
                 named("reason", &type::reason),       named("becomes", &type::becomes),
                 named("dropped", &type::dropped),     rarely("reason_kind", &type::reason_kind)};
};

template <>
struct layout<event_kind::trial_failed> {
  using type = event_kind::trial_failed;
  static constexpr std::string_view kind = "trial_failed";
  static constexpr auto fields = std::tuple{
      named("attempt", &type::attempt), named("error", &type::error), named("retry", &type::retry),
      rarely("counts", &type::counts), rarely("reason_kind", &type::reason_kind)};
};

template <>
struct layout<event_kind::trial_paused> {
  using type = event_kind::trial_paused;
  static constexpr std::string_view kind = "trial_paused";
  static constexpr auto fields =
      std::tuple{named("iteration", &type::iteration), named("reason", &type::reason)};
};

template <>
struct layout<event_kind::trial_exploited> {
  using type = event_kind::trial_exploited;
  static constexpr std::string_view kind = "trial_exploited";
  static constexpr auto fields =
      std::tuple{named("donor", &type::donor), named("checkpoint", &type::checkpoint),
                 named("iteration", &type::iteration), named("total_s", &type::total_s),
                 named("config", &type::config)};
};

template <>
struct layout<event_kind::trial_resized> {
  using type = event_kind::trial_resized;
  static constexpr std::string_view kind = "trial_resized";
  static constexpr auto fields = std::tuple{named("request", &type::request)};
};

template <>
struct layout<event_kind::trial_ended> {
  using type = event_kind::trial_ended;
  static constexpr std::string_view kind = "trial_ended";
  static constexpr auto fields =
      std::tuple{named("state", &type::state), named("reason", &type::reason),
                 rarely("reason_kind", &type::reason_kind)};
};

template <>
struct layout<event_kind::study_stopping> {
  using type = event_kind::study_stopping;
  static constexpr std::string_view kind = "study_stopping";
  static constexpr auto fields =
      std::tuple{named("reason", &type::reason), named("running_become", &type::running_become),
                 rarely("reason_kind", &type::reason_kind)};
};

template <>
struct layout<event_kind::study_ended> {
  using type = event_kind::study_ended;
  static constexpr std::string_view kind = "study_ended";
  static constexpr auto fields =
      std::tuple{named("best", &type::best), named("reason", &type::reason)};
};

template <>
struct layout<event_kind::checkpoint_saved> {
  using type = event_kind::checkpoint_saved;
  static constexpr std::string_view kind = "checkpoint_saved";
  static constexpr auto fields =
      std::tuple{named("checkpoint", &type::checkpoint), named("iteration", &type::iteration)};
};

template <>
struct layout<event_kind::trial_leased> {
  using type = event_kind::trial_leased;
  static constexpr std::string_view kind = "trial_leased";
  static constexpr auto fields =
      std::tuple{named("token", &type::token), named("lease_s", &type::lease_s)};
};

template <>
struct layout<stop_rule> {
  static constexpr auto fields =
      std::tuple{named("metric", &stop_rule::metric), named("when", &stop_rule::when),
                 named("bound", &stop_rule::bound)};
};

template <>
struct layout<study_limits> {
  using type = study_limits;
  static constexpr auto fields = std::tuple{named("num_samples", &type::num_samples),
                                            named("resources", &type::per_trial),
                                            named("max_concurrent", &type::max_concurrent),
                                            named("cpus", &type::cpus),
                                            named("gpus", &type::gpus),
                                            named("time_budget_s", &type::time_budget_s),
                                            named("stop", &type::stop),
                                            named("max_failures", &type::max_failures),
                                            named("fail_fast", &type::fail_fast),
                                            named("keep_best", &type::keep_best),
                                            named("keep_last", &type::keep_last),
                                            rarely("time_limit_s", &type::time_limit_s),
                                            rarely("progress_limit_s", &type::progress_limit_s),
                                            rarely("per_config", &type::per_config),
                                            rarely("custom", &type::custom)};
};

template <>
struct layout<event_kind::study_resumed> {
  using type = event_kind::study_resumed;
  static constexpr std::string_view kind = "study_resumed";
  static constexpr auto fields =
      std::tuple{rarely("limits", &type::limits), rarely("retried", &type::retried)};
};

template <>
struct layout<event_kind::checkpoint_taken> {
  using type = event_kind::checkpoint_taken;
  static constexpr std::string_view kind = "checkpoint_taken";
  static constexpr auto fields =
      std::tuple{named("checkpoint", &type::checkpoint), named("iteration", &type::iteration),
                 named("metrics", &type::metrics), named("total_s", &type::total_s)};
};

template <>
struct layout<event_kind::checkpoint_lost> {
  using type = event_kind::checkpoint_lost;
  static constexpr std::string_view kind = "checkpoint_lost";
  static constexpr auto fields = std::tuple{named("checkpoint", &type::checkpoint)};
};

template <>
struct layout<event_kind::choice_asked> {
  using type = event_kind::choice_asked;
  static constexpr std::string_view kind = "choice_asked";
  static constexpr std::tuple<> fields{};
};

template <>
struct layout<event_kind::study_paused> {
  using type = event_kind::study_paused;
  static constexpr std::string_view kind = "study_paused";
  static constexpr auto fields = std::tuple{rarely("by", &type::by)};
};

template <>
struct layout<event_kind::study_continued> {
  using type = event_kind::study_continued;
  static constexpr std::string_view kind = "study_continued";
  static constexpr std::tuple<> fields{};
};

template <>
struct layout<event_kind::trial_held> {
  using type = event_kind::trial_held;
  static constexpr std::string_view kind = "trial_held";
  static constexpr auto fields = std::tuple{named("iteration", &type::iteration)};
};

template <>
struct layout<event_kind::limits_changed> {
  using type = event_kind::limits_changed;
  static constexpr std::string_view kind = "limits_changed";
  static constexpr auto fields =
      std::tuple{named("limits", &type::limits), rarely("by", &type::by)};
};

template <>
struct layout<event_kind::trial_retried> {
  using type = event_kind::trial_retried;
  static constexpr std::string_view kind = "trial_retried";
  static constexpr std::tuple<> fields{};
};

} // namespace troupe::detail
