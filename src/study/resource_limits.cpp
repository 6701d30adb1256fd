#include "study/resource_limits.hpp"

#include "base/nearest.hpp"
#include "base/seconds.hpp"
#include "search/life/config_resources.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

using namespace std::string_view_literals;

namespace {

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

/// Returns whether `amount` of a resource can be counted; else it is a fault.
bool check_amount(member_reader& in, std::string_view name, double amount) {
  if (!check_at_most(in, name, amount, most_of(name))) return false;
  if (!is_too_small(amount)) return true;
  in.refuse(name, "must be 0 or at least 0.0001; found " + to_text(plain_number(amount)));
  return false;
}

/// What is wrong with an amount is said there, and nothing more where it is asked for.
void read_custom(member_reader& in, custom_amounts& all) {
  auto members = in.take_object("custom", R"({"license": 1})");
  if (!members) return;
  for (const auto& member : members->object()) {
    const std::string_view name = member.key();
    double amount = most_custom;
    if (name.empty() || name.find('/') != name.npos || name == "cpu" || name == "gpu" ||
        name == "memory_gb")
      members->refuse(name, "must be the name of something of your own, without /, as "
                            "\"license\"; found \"" +
                                std::string{name} +
                                "\"; how many CPUs and GPUs there are, say cpus and gpus");
    else if (members->read(name, amount, at_least(0)))
      check_amount(*members, name, amount);
    all.emplace(name, amount);
  }
}

/// Reads what a trial needs of one resource: a number, or `{"expr": …}`.
void read_amount(member_reader& in, std::string_view name, double& amount, study& s) {
  const auto* v = in.object().if_contains(name);
  if (!v || !v->is_object()) {
    if (in.read(name, amount, at_least(0))) check_amount(in, name, amount);
    return;
  }
  auto parts = in.take_object(name, R"({"expr": "2 * layers"})");
  parts->require("expr", "it says how much, as in {\"expr\": \"2 * layers\"}");
  expression e;
  if (parts->read("expr", e.text)) {
    if (const auto problem = wrong_amount(e, s.space); !problem.empty())
      parts->refuse("expr", problem);
    s.per_config.emplace(std::string{name}, std::move(e));
  }
  amount = 0;
  parts->refuse_others();
}

} // namespace

void read_resources(member_reader& in, study& s) {
  read_custom(in, s.custom);
  auto members = in.take_object("resources", R"({"cpu": 1, "gpu": 0})");
  if (!members) return;
  resources& r = s.per_trial;
  for (const auto& [name, amount] :
       {std::pair{"cpu"sv, &r.cpu}, {"gpu"sv, &r.gpu}, {"memory_gb"sv, &r.memory_gb}})
    read_amount(*members, name, *amount, s);
  for (const auto& [name, there] : s.custom)
    if (members->take(name)) read_amount(*members, name, r.custom[name], s);
  if (r.gpu > 1 && std::trunc(r.gpu) != r.gpu)
    members->refuse("gpu", "more than one GPU must be a whole number; found " + to_text(r.gpu));
  if (r.cpu == 0 && r.gpu == 0 && !s.per_config.contains("cpu") && !s.per_config.contains("gpu"))
    members->refuse("", "a trial needs some CPU or GPU; found cpu 0 and gpu 0");
  members->refuse_others(
      {}, "; of something of your own, custom says how much there is: {\"license\": 4}");
}

std::string warning_of_custom(const study& s) {
  std::vector<std::string_view> asked;
  for (const auto& [name, amount] : s.per_trial.custom)
    if (amount > 0) asked.push_back(name);
  for (const auto& [name, amount] : s.per_config)
    if (s.custom.contains(name)) asked.push_back(name);
  for (const auto& [name, amount] : s.custom) {
    if (std::ranges::find(asked, name) != asked.end()) continue;
    const auto near = nearest_name(name, asked);
    return "warning: custom/" + name + ": no trial asks for it in resources" +
           (near.empty() ? "" : "; did you mean \"" + std::string{near} + "\"?");
  }
  return {};
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
  for (const auto& [name, wanted] : s.per_trial.custom)
    if (wanted > s.custom.at(name))
      in.refuse("resources/" + name, "one trial needs " + to_text(plain_number(wanted)) + " of \"" +
                                         name + "\", more than there are; found " +
                                         to_text(plain_number(s.custom.at(name))));
}

} // namespace troupe
