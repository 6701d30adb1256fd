#include "base/values.hpp"
#include "search/space/space_json.hpp"
#include "study/direction_word.hpp"
#include "study/hooks_key.hpp"
#include "study/recording.hpp"
#include "study/secrets.hpp"

#include <troupe/study.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace troupe {

namespace json = boost::json;

namespace {

json::object to_json(const named_options& n) {
  json::object out{{"name", n.name}};
  for (const auto& member : n.options)
    out.insert(member);
  return out;
}

/// A command is written without its name, as people write it.
json::object trainable_json(const named_options& trainable) {
  auto options = without_secrets(trainable.options);
  if (trainable.name == "command" && options.contains("command")) return options;
  return to_json({trainable.name, std::move(options)});
}

json::object to_json(const custom_amounts& all) {
  json::object out;
  for (const auto& [name, amount] : all)
    out[name] = plain_number(amount);
  return out;
}

json::object resources_json(const study& s) {
  const resources& r = s.per_trial;
  json::object out{{"cpu", plain_number(r.cpu)},
                   {"gpu", plain_number(r.gpu)},
                   {"memory_gb", plain_number(r.memory_gb)}};
  for (auto& each : to_json(r.custom))
    out.insert(std::move(each));
  for (const auto& [name, amount] : s.per_config)
    out[name] = json::object{{"expr", amount.text}};
  return out;
}

json::object keep_json(const study& s) {
  json::object out{{"best", s.keep_best}, {"last", s.keep_last}};
  if (!s.keep_by) return out;
  out["metric"] = s.keep_by->metric;
  out["mode"] = word_of(s.keep_by->mode);
  return out;
}

json::object to_json(const std::vector<stop_rule>& rules) {
  json::object out;
  for (const auto& rule : rules) {
    auto& bounds = out.emplace(rule.metric, json::object{}).first->value().get_object();
    const auto* side = rule.when == stop_rule::side::at_most ? "<=" : ">=";
    bounds[side] = plain_number(rule.bound);
  }
  return out;
}

void add_objectives(json::object& out, const study& s) {
  json::array metrics;
  json::array modes;
  for (const auto& o : s.objectives()) {
    metrics.emplace_back(o.metric);
    modes.emplace_back(word_of(o.mode));
  }
  const bool single = metrics.size() == 1;
  out["metric"] = single ? metrics[0] : json::value(metrics);
  out["mode"] = single ? modes[0] : json::value(modes);
  if (!s.constraints.empty())
    out["constraints"] = json::array(s.constraints.begin(), s.constraints.end());
}

} // namespace

json::object to_json(const study& s) {
  json::object out{{"name", s.name}};
  if (!s.trainable.name.empty()) out["trainable"] = trainable_json(s.trainable);
  out["space"] = to_json(s.space);
  add_objectives(out, s);
  if (s.scope != scope::last) out["scope"] = to_string(s.scope);
  out["searcher"] = to_json(s.searcher);
  out["scheduler"] = to_json(s.scheduler);
  out["num_samples"] = s.num_samples;
  out["points_to_evaluate"] = json::array(s.points_to_evaluate.begin(), s.points_to_evaluate.end());
  out["constant_grid_search"] = s.constant_grid_search;
  out["resources"] = resources_json(s);
  if (!s.custom.empty()) out["custom"] = to_json(s.custom);
  if (s.max_concurrent) out["max_concurrent"] = *s.max_concurrent;
  if (s.cpus) out["cpus"] = plain_number(*s.cpus);
  if (s.gpus) out["gpus"] = plain_number(*s.gpus);
  if (s.time_budget_s) out["time_budget_s"] = plain_number(*s.time_budget_s);
  if (s.time_limit_s) out["time_limit_s"] = plain_number(*s.time_limit_s);
  if (s.progress_limit_s) out["progress_limit_s"] = plain_number(*s.progress_limit_s);
  out["stop"] = to_json(s.stop);
  json::array stoppers;
  for (const auto& each : s.stoppers)
    stoppers.push_back(to_json(each));
  if (!stoppers.empty()) out["stoppers"] = std::move(stoppers);
  json::array callbacks;
  for (const auto& each : s.callbacks)
    callbacks.push_back(to_json(each));
  if (!callbacks.empty()) out["callbacks"] = std::move(callbacks);
  if (auto on = to_json(s.on); !on.empty()) out["on"] = std::move(on);
  out["max_failures"] = s.max_failures;
  out["fail_fast"] = s.fail_fast;
  out["keep"] = keep_json(s);
  if (!s.trial_name.empty()) out["trial_name"] = s.trial_name;
  out["seed"] = s.seed;
  out["durability"] = json::string_view{to_string(s.durability)};
  if (s.isolation != isolation::thread) out["isolation"] = to_string(s.isolation);
  if (s.reuse) out["reuse"] = s.reuse;
  if (!s.engine.empty()) out["engine"] = s.engine;
  out["trial_files"] = s.trial_files ? json::value(*s.trial_files) : json::value("auto");
  return out;
}

} // namespace troupe
