#include "search/schedulers/resource_changing.hpp"

#include "base/nearest.hpp"
#include "base/option_values.hpp"
#include "base/path.hpp"
#include "base/values.hpp"
#include "search/schedulers/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view amounts[] = {"cpu", "gpu"};
constexpr double most_units = 1'000'000;

using enum option_type;

json::value read_amount(std::string_view key, const json::value& v,
                        std::vector<option_problem>& problems) {
  const auto refuse = [&](const std::string& path, const std::string& problem) {
    problems.push_back({path, problem});
  };
  json::object amount;
  const auto* members = v.if_object();
  if (!members)
    refuse(std::string{key}, R"(must be an object, as in {"cpu": 1}; found )" + describe(v));
  else
    for (const auto& [name, given] : *members) {
      const auto path = join_path(key, name);
      const auto x = real_number(given);
      if (std::ranges::find(amounts, std::string_view{name}) == std::end(amounts))
        refuse(path, "unknown key; " + suggest_name(name, amounts));
      else if (!x || !(*x >= 0 && *x <= most_units))
        refuse(path,
               fmt::format("must be a number {}; found {}",
                           x && *x > 0 ? fmt::format("of at most {}", most_units) : "of at least 0",
                           describe(given)));
    }
  for (const auto name : amounts)
    if (const auto* given = members && problems.empty() ? members->if_contains(name) : nullptr)
      amount[name] = plain_number(*real_number(*given));
  return amount;
}

constexpr option_form amount_form{
    .words = R"(an object, as in {"cpu": 1})",
    .schema = R"({"type": "object", "additionalProperties": false, "properties": {
      "cpu": {"type": "number", "minimum": 0, "maximum": 1000000},
      "gpu": {"type": "number", "minimum": 0, "maximum": 1000000}}})",
    .read = read_amount};

constexpr option resource_changing_table[] = {
    {.key = "base",
     .type = nested,
     .help = "which scheduler decides who runs",
     .fallback = R"({"name": "fifo"})",
     .inner = wrappable_scheduler_plugins},
    {.key = "increase_by",
     .type = formed,
     .help = "what is added or taken away at once, whole GPUs; if not given: a GPU if trials have "
             "any, else a CPU",
     .example = R"({"cpu": 1})",
     .form = &amount_form},
    {.key = "increase_by_times",
     .type = whole,
     .help = "how often a trial may get that; -1: as often as there is any left",
     .fallback = "-1",
     .example = "2",
     .instead = "-1",
     .range = from(1, most_units)},
    {.key = "reserve_resources",
     .type = formed,
     .help = "what is left free",
     .example = R"({"cpu": 1})",
     .form = &amount_form},
};

/// Returns the amounts at an option; what is absent is 0.
resources amount_at(const option_values& in, std::string_view key, const resources& otherwise) {
  const auto* given = in.find(key);
  if (!given) return otherwise;
  const auto part = [given](std::string_view name) {
    const auto* x = given->get_object().if_contains(name);
    return x ? x->to_number<double>() : 0;
  };
  return {part("cpu"), part("gpu"), 0};
}

resources unit_of(const study& s, const option_values& in) {
  return amount_at(in, "increase_by",
                   s.per_trial.gpu > 0 ? resources{0, 1, 0} : resources{1, 0, 0});
}

void check_resource_changing(const option_values& in, std::vector<option_problem>& problems) {
  if (amount_at(in, "increase_by", {1, 0, 0}) == resources{0, 0, 0})
    problems.push_back({"increase_by", "must be more than nothing"});
}

/// Amounts are counted, also those of studies that no file says.
void check_amount(std::string_view key, double x) {
  constexpr double most = 1e6; // as in the table
  if (!(x >= 0 && x <= most))
    throw std::invalid_argument{"resource_changing: " + std::string{key} +
                                " must be from 0 to 1000000"};
}

resource_shares read_shares(const study& s) {
  const auto in = option_values::of(resource_changing_plugin, s.scheduler.options);
  const auto& least = s.per_trial;
  if (!s.cpus || (least.gpu > 0 && !s.gpus))
    throw std::invalid_argument{"resource_changing: base cannot be given more: the study must say "
                                "how many cpus and gpus it may use"};
  check_amount("cpus", *s.cpus);
  check_amount("gpus", s.gpus.value_or(0));
  check_amount("resources/cpu", least.cpu);
  check_amount("resources/gpu", least.gpu);
  if (const auto problem = wrong_unit(s); !problem.empty())
    throw std::invalid_argument{"resource_changing: increase_by " + problem};
  const auto kept = amount_at(in, "reserve_resources", {0, 0, 0});
  return {{*s.cpus - kept.cpu, s.gpus.value_or(0) - kept.gpu, 0},
          least,
          unit_of(s, in),
          in.at("increase_by_times") == -1 ? std::nullopt : in.maybe_count("increase_by_times")};
}

} // namespace

constinit const plugin resource_changing_plugin{
    .name = "resource_changing",
    .summary = "shares out free CPUs or GPUs while another scheduler decides who runs",
    .options = resource_changing_table,
    .check = check_resource_changing};

std::string wrong_unit(const study& s) {
  const auto& given = s.scheduler.options;
  std::vector<option_problem> others; // are said by whoever reads the options
  const option_values in{read_options(resource_changing_plugin, given, others), given};
  const double gpu = unit_of(s, in).gpu;
  const bool is_whole = std::trunc(gpu) == gpu && std::trunc(s.per_trial.gpu) == s.per_trial.gpu;
  return gpu > 0 && !is_whole ? "needs whole GPUs, here and in the study's resources" : "";
}

study wrapped_study(const study& s) {
  const auto in = option_values::of(resource_changing_plugin, s.scheduler.options);
  study inner = s;
  inner.scheduler.options = in.at("base").get_object();
  inner.scheduler.name = std::string{inner.scheduler.options.at("name").get_string()};
  inner.scheduler.options.erase("name");
  return inner;
}

resource_changing::resource_changing(const study& s)
    : base_{make_correctable_scheduler(wrapped_study(s))},
      shares_{read_shares(s)} {}

void resource_changing::added(trial_number n) {
  auto& t = trials_[n];
  leave(t);
  enter(t);
  base_->added(n);
}

decision resource_changing::reported(trial_number n, const result& r) {
  auto& t = trials_.at(n);
  if (t.next) { // it did not pause
    set(t, t.units, std::nullopt);
    base_->correct(n, trial_state::running);
  }
  auto d = base_->reported(n, r);
  if (d.verdict != verdict::proceed) return d;
  const auto due = shares_.fair_units(live_, t.units, given_);
  if (due == t.units) return d;
  set(t, t.units, due);
  base_->correct(n, trial_state::paused);
  const auto amount = shares_.amount(due);
  d.verdict = verdict::pause;
  d.reason = fmt::format("resource_changing: goes on with {:g} CPUs and {:g} GPUs", amount.cpu,
                         amount.gpu);
  d.resizes.push_back({n, amount});
  return d;
}

void resource_changing::completed(trial_number n, const std::optional<result>& last) {
  leave(trials_[n]);
  trials_.erase(n);
  base_->completed(n, last);
}

void resource_changing::failed(trial_number n) {
  leave(trials_[n]);
  base_->failed(n);
}

void resource_changing::removed(trial_number n) {
  leave(trials_[n]);
  trials_.erase(n);
  base_->removed(n);
}

std::optional<trial_number> resource_changing::choose() {
  const auto n = base_->choose();
  if (!n) return n;
  auto& t = trials_.at(*n);
  const auto promised = t.next.value_or(t.units);
  const auto due = std::min(promised, shares_.fair_units(live_, promised, given_));
  set(t, due, std::nullopt);
  if (due < promised) resized_.push_back({*n, shares_.amount(due)});
  return n;
}

std::vector<decision> resource_changing::aftermath() {
  auto all = base_->aftermath();
  if (!resized_.empty()) all.push_back({.reason = {}, .resizes = std::exchange(resized_, {})});
  return all;
}

void resource_changing::correct(trial_number n, trial_state state) {
  base_->correct(n, state);
  auto& t = trials_.at(n);
  if (t.next && state == trial_state::running) set(t, *t.next, std::nullopt);
}

void resource_changing::enter(share& t) {
  t.live = true;
  ++live_;
  given_ += t.units;
}

void resource_changing::leave(share& t) {
  if (!t.live) return;
  t.live = false;
  --live_;
  given_ -= t.next.value_or(t.units);
  // One that fails as it pauses has been promised the other amount.
  t.units = t.next.value_or(t.units);
  t.next.reset();
}

void resource_changing::set(share& t, std::uint32_t units, std::optional<std::uint32_t> next) {
  given_ -= t.next.value_or(t.units);
  t.units = units;
  t.next = next;
  given_ += t.next.value_or(t.units);
}

} // namespace troupe
