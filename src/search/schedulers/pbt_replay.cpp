#include "search/schedulers/pbt_replay.hpp"

#include "base/json.hpp"
#include "base/option_values.hpp"
#include "base/path.hpp"
#include "base/values.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view policy_key = "policy";

json::value read_own_policy(std::string_view, const json::value& v,
                            std::vector<option_problem>& problems) {
  read_policy(v, problems);
  return v;
}

constexpr option_form steps{
    .words = "a list of steps",
    .schema = R"({"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 2,
      "maxItems": 2, "items": [{"type": "integer", "minimum": 1}, {"type": "object"}]}})",
    .read = read_own_policy};

constexpr option pbt_replay_table[] = {
    {.key = policy_key,
     .type = option_type::formed,
     .help = "what to change when",
     .required = true,
     .example = R"([[10, {"lr": 0.1}]])",
     .form = &steps},
};

std::vector<policy_step> policy_of(const study& s) {
  const auto in = option_values::of(pbt_replay_plugin, s.scheduler.options);
  std::vector<option_problem> none;
  return read_policy(in.at(policy_key), none);
}

} // namespace

constinit const plugin pbt_replay_plugin{.name = "pbt_replay",
                                         .summary =
                                             "replays a schedule of parameters that pbt found",
                                         .options = pbt_replay_table};

std::vector<policy_step> read_policy(const json::value& v, std::vector<option_problem>& problems) {
  std::vector<policy_step> policy;
  const auto* list = v.if_array();
  if (!list || list->empty()) {
    problems.push_back(
        {std::string{policy_key},
         R"(must be a list of steps, as in [[10, {"lr": 0.1}]]; found )" + describe(v)});
    return policy;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* step = (*list)[i].if_array();
    const auto iteration = step && step->size() == 2 ? whole_number((*step)[0]) : std::nullopt;
    const auto* changes = iteration ? (*step)[1].if_object() : nullptr;
    const double least = policy.empty() ? 1 : policy.back().iteration + 1;
    if (!changes || static_cast<double>(*iteration) < least)
      problems.push_back({join_path(policy_key, std::to_string(i)),
                          fmt::format(R"(must be [iteration, configuration], as in [{:g}, )"
                                      R"({{"lr": 0.1}}], iterations ascending; found {})",
                                      least, to_text((*list)[i]))});
    else
      policy.push_back({static_cast<double>(*iteration), *changes});
  }
  return policy;
}

pbt_replay::pbt_replay(const study& s) : policy_{policy_of(s)} {}

void pbt_replay::configured(trial_number n, const config& c) {
  auto& t = trials_[n];
  if (t.settings == c) return;
  t.settings = c;
  t.next = t.previous;
}

decision pbt_replay::reported(trial_number n, const result& r) {
  auto& t = trials_[n];
  const auto before = t.next;
  while (t.next < policy_.size() && r.time >= policy_[t.next].iteration)
    ++t.next;
  if (t.next == before) return {};
  t.previous = before;
  for (const auto& [name, v] : policy_[t.next - 1].changes)
    t.settings[name] = v;
  queue_.set(n, trial_state::paused);
  return {
      verdict::pause,
      fmt::format("pbt_replay: step {} of {} at iteration {:g}", t.next, policy_.size(), r.time),
      {},
      {{n, n, t.settings}}};
}

void pbt_replay::removed(trial_number n) {
  queue_.forget(n);
  trials_.erase(n);
}

} // namespace troupe
