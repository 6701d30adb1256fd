#include <troupe/study.hpp>

namespace troupe {

study_limits limits_of(const study& s) {
  return {.num_samples = s.num_samples,
          .per_trial = s.per_trial,
          .per_config = s.per_config,
          .custom = s.custom,
          .max_concurrent = s.max_concurrent,
          .cpus = s.cpus,
          .gpus = s.gpus,
          .time_budget_s = s.time_budget_s,
          .time_limit_s = s.time_limit_s,
          .progress_limit_s = s.progress_limit_s,
          .stop = s.stop,
          .max_failures = s.max_failures,
          .fail_fast = s.fail_fast,
          .keep_best = s.keep_best,
          .keep_last = s.keep_last};
}

study with_limits(study s, const study_limits& limits) {
  s.num_samples = limits.num_samples;
  s.per_trial = limits.per_trial;
  s.per_config = limits.per_config;
  s.custom = limits.custom;
  s.max_concurrent.reset();
  if (limits.max_concurrent) s.max_concurrent = static_cast<std::uint32_t>(*limits.max_concurrent);
  s.cpus = limits.cpus;
  s.gpus = limits.gpus;
  s.time_budget_s = limits.time_budget_s;
  s.time_limit_s = limits.time_limit_s;
  s.progress_limit_s = limits.progress_limit_s;
  s.stop = limits.stop;
  s.max_failures = static_cast<std::uint32_t>(limits.max_failures);
  s.fail_fast = limits.fail_fast;
  s.keep_best = static_cast<std::uint32_t>(limits.keep_best);
  s.keep_last = static_cast<std::uint32_t>(limits.keep_last);
  return s;
}

} // namespace troupe
