#include "study/resource_limits.hpp"

#include "base/seconds.hpp"

#include <cmath>

namespace troupe {

namespace {

// More than any machine has; what is counted in devices is kept in tables.
constexpr double most_cpus = 1e6;
constexpr double most_gpus = 1e4;
constexpr double most_memory_gb = 1e9;

/// Returns whether `found` is at most `most`; else it is a fault.
bool check_at_most(member_reader& in, std::string_view key, double found, double most) {
  if (found <= most) return true;
  in.refuse(key, "must be at most " + to_text(plain_number(most)) + "; found " +
                     to_text(plain_number(found)));
  return false;
}

/// Reads a time, which has to fit into the clocks.
void read_seconds(member_reader& in, std::string_view key, std::optional<double>& out) {
  if (in.read(key, out, above(0)) && !check_at_most(in, key, *out, longest_s)) out.reset();
}

} // namespace

void read_resources(member_reader& in, resources& r) {
  auto members = in.take_object("resources", R"({"cpu": 1, "gpu": 0})");
  if (!members) return;
  members->read("cpu", r.cpu, at_least(0));
  members->read("gpu", r.gpu, at_least(0));
  members->read("memory_gb", r.memory_gb, at_least(0));
  check_at_most(*members, "cpu", r.cpu, most_cpus);
  check_at_most(*members, "gpu", r.gpu, most_gpus);
  check_at_most(*members, "memory_gb", r.memory_gb, most_memory_gb);
  if (r.gpu > 1 && std::trunc(r.gpu) != r.gpu)
    members->refuse("gpu", "more than one GPU must be a whole number; found " + to_text(r.gpu));
  if (r.cpu == 0 && r.gpu == 0)
    members->refuse("", "a trial needs some CPU or GPU; found cpu 0 and gpu 0");
  members->refuse_others();
}

void read_limits(member_reader& in, study& s) {
  in.read("max_concurrent", s.max_concurrent, 1);
  in.read("cpus", s.cpus, above(0));
  in.read("gpus", s.gpus, at_least(0));
  if (s.cpus) check_at_most(in, "cpus", *s.cpus, most_cpus);
  if (s.gpus) check_at_most(in, "gpus", *s.gpus, most_gpus);
  read_seconds(in, "time_budget_s", s.time_budget_s);
  read_seconds(in, "time_limit_s", s.time_limit_s);
  read_seconds(in, "progress_limit_s", s.progress_limit_s);
  const auto check = [&](const char* key, double wanted, const std::optional<double>& total) {
    if (total && wanted > *total)
      in.refuse(key, "one trial needs " + to_text(plain_number(wanted)) +
                         ", more than the study may use; found " + to_text(plain_number(*total)));
  };
  check("cpus", s.per_trial.cpu, s.cpus);
  check("gpus", s.per_trial.gpu, s.gpus);
}

} // namespace troupe
