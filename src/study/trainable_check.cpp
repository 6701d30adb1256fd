#include "study/trainable_check.hpp"

#include "base/nearest.hpp"
#include "base/path.hpp"
#include "base/values.hpp"
#include "search/schedulers/mutations.hpp"
#include "search/schedulers/parameter_bounds.hpp"
#include "search/schedulers/registry.hpp"
#include "study/parameter_fit.hpp"
#include "study/secrets.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <span>

namespace troupe {

namespace json = boost::json;

namespace {

std::vector<std::string_view> names_of(std::span<const parameter> parameters) {
  std::vector<std::string_view> names;
  for (const auto& p : parameters)
    names.push_back(p.name);
  return names;
}

using refusal = std::function<void(std::string_view path, std::string problem)>;

/// Refuses an option by what of it does not fit: its members, or, where it has none, all of it.
void refuse_misfit(const parameter& p, const std::string& path, const json::value& value,
                   const refusal& refuse) {
  const parameter member{p.name, parameter::kind::text, {}, {}, {}, {}};
  const auto check = [&](std::string_view name, const json::value& v) {
    if (!is_placeholder(v) && !fits(member, v))
      refuse_misfit(member, join_path(path, name), v, refuse);
  };
  if (p.type == parameter::kind::named_texts && value.is_object())
    for (const auto& [name, v] : value.get_object())
      check(name, v);
  else if (p.type == parameter::kind::texts && value.is_array())
    for (std::size_t i = 0; i < value.get_array().size(); ++i)
      check(std::to_string(i), value.get_array()[i]);
  else
    refuse(path, "must be " + wanted(p) + "; found " + describe_at(path, value));
}

class fitting {
public:
  fitting(study& s, const trainable& t, const json::object& file, fault_list& faults)
      : s_{s},
        t_{t},
        file_{file},
        faults_{faults} {}

  /// Returns whether they are of the right kinds.
  bool options() {
    bool good = true;
    const auto names = names_of(t_.options);
    const refusal refuse = [&](std::string_view path, std::string problem) {
      faults_.add(path, std::move(problem));
      good = false;
    };
    for (const auto& [key, value] : s_.trainable.options) {
      const auto path = join_path("trainable", key);
      const auto p = std::ranges::find(t_.options, std::string_view{key}, &parameter::name);
      if (p == t_.options.end())
        faults_.add(path,
                    "unknown option of trainable \"" + t_.name + "\"; " + suggest(key, names));
      else if (!is_placeholder(value) && !fits(*p, value))
        refuse_misfit(*p, path, value, refuse);
    }
    for (const auto& p : t_.options)
      if (!p.fallback && !s_.trainable.options.contains(p.name))
        refuse(join_path("trainable", p.name), missing(p));
    for (const auto& path : missing_secrets(s_.trainable.options))
      refuse(path, "is a secret, which is not stored with a study: give it again, as with --set " +
                       path + "=VALUE");
    return good;
  }

  void parameters() {
    for (const auto& p : t_.parameters)
      read(p);
    if (t_.parameters.empty()) return; // It has not said what it reads.
    const auto names = names_of(t_.parameters);
    for (const auto& e : s_.space.entries())
      if (std::ranges::none_of(names, [&](auto name) { return lies_in(e.path, name); }))
        faults_.add(join_path("space", e.path),
                    "trainable \"" + t_.name + "\" does not read this; " + suggest(e.path, names));
  }

  /// What a scheduler may change a parameter to.
  void mutations() {
    const auto* given = s_.scheduler.options.if_contains("hyperparam_mutations");
    std::vector<option_problem> said_already;
    if (!given) return;
    for (const auto& m : read_mutations(*given, said_already)) {
      const auto p = std::ranges::find(t_.parameters, m.path, &parameter::name);
      if (p == t_.parameters.end()) continue;
      const auto* values = std::get_if<std::vector<json::value>>(&m.source);
      const domain d = values ? choice{*values} : std::get<domain>(m.source);
      const auto found = misfit(*p, d);
      if (!found.empty())
        faults_.add(join_path("scheduler/hyperparam_mutations", m.path),
                    "trainable \"" + t_.name + "\" wants " + wanted(*p) + "; this may be " + found);
    }
  }

  /// The same for bounds.
  void bounds() {
    const auto* given = s_.scheduler.options.if_contains("hyperparam_bounds");
    std::vector<option_problem> said_already;
    if (!given) return;
    for (const auto& b : read_bounds(*given, said_already)) {
      const auto p = std::ranges::find(t_.parameters, b.path, &parameter::name);
      if (p == t_.parameters.end()) continue;
      for (const double end : {b.low, b.high}) {
        const auto found = misfit(*p, constant{plain_number(end)});
        if (found.empty()) continue;
        faults_.add(join_path("scheduler/hyperparam_bounds", b.path),
                    "trainable \"" + t_.name + "\" wants " + wanted(*p) + "; this may be " + found);
        break;
      }
    }
  }

  void reported_metrics() {
    if (t_.metrics.empty()) return;
    for (const auto& o : s_.objectives())
      check_metric("metric", o.metric, t_.metrics);
    for (const auto& c : s_.constraints)
      check_metric("constraints", c, t_.metrics);
    if (s_.keep_by) check_metric("keep/metric", s_.keep_by->metric, t_.metrics);
    auto all = t_.metrics;
    all.insert(all.end(), {"training_iteration", "time_total_s"});
    for (const auto& rule : s_.stop)
      check_metric(join_path("stop", rule.metric), rule.metric, all);
  }

  /// What only the trainable itself knows; called when its options are of the right kinds.
  void rest() {
    if (!t_.check) return;
    for (auto& p : t_.check(s_))
      faults_.add(p.path, std::move(p.problem));
  }

  void engine() {
    if (s_.engine.empty()) return;
    std::vector<std::string_view> names{"auto"};
    for (const auto& e : t_.engines)
      names.push_back(e.name);
    if (std::ranges::find(names, s_.engine) == names.end())
      faults_.add("engine", t_.engines.empty()
                                ? "trainable \"" + t_.name + "\" has no engines to choose from"
                                : "trainable \"" + t_.name + "\" has no engine \"" + s_.engine +
                                      "\"; " + suggest_name(s_.engine, names));
  }

  void checkpoints() {
    const bool has_said = !t_.parameters.empty() || t_.check;
    const bool has_some =
        t_.checkpoints_if ? t_.checkpoints_if(s_.trainable.options) : t_.checkpoints;
    if (has_some || !has_said) return;
    if (!must_pause(s_.scheduler)) return;
    std::string others;
    for (const auto& known : known_schedulers())
      if (!known.must_pause || !known.must_pause({}))
        others += (others.empty() ? "" : ", ") + std::string{known.about.name};
    faults_.add("scheduler/name", "\"" + s_.scheduler.name + "\" pauses trials, but trainable \"" +
                                      t_.name + "\" reports no checkpoints to go on from" +
                                      (t_.checkpoints_if ? " with these options" : "") +
                                      "; schedulers that do without: " + others);
  }

private:
  static std::string suggest(std::string_view wrong, std::span<const std::string_view> names) {
    return names.empty() ? "it has none" : suggest_name(wrong, names);
  }

  std::string missing(const parameter& p) const {
    return "is missing: trainable \"" + t_.name + "\" wants " + wanted(p) +
           (p.help.empty() ? "" : " (" + p.help + ")");
  }

  void read(const parameter& p) {
    const auto path = join_path("space", p.name);
    const bool may_be_absent = p.fallback && p.fallback->is_null();
    if (is_conditional(p.name) && !may_be_absent)
      faults_.add(path,
                  "trainable \"" + t_.name + "\" always reads this, so it cannot have \"when\"");
    if (const auto* d = s_.space.find(p.name)) {
      const auto found = misfit(p, *d);
      if (!found.empty())
        faults_.add(path,
                    "trainable \"" + t_.name + "\" wants " + wanted(p) + "; this may be " + found);
    } else if (p.fallback) {
      if (!p.fallback->is_null()) s_.space.add(p.name, constant{*p.fallback});
    } else if (!stands_in_file(p.name)) {
      faults_.add(path, missing(p));
    }
  }

  bool is_conditional(std::string_view name) const {
    return std::ranges::any_of(s_.space.entries(),
                               [&](const auto& e) { return e.path == name && !e.when.empty(); });
  }

  bool stands_in_file(std::string_view name) const {
    const auto* space = file_.if_contains("space");
    return space && space->is_object() && find(space->get_object(), name);
  }

  void check_metric(const std::string& path, std::string_view name,
                    const std::vector<std::string>& reported) {
    if (name.empty() || std::ranges::find(reported, name) != reported.end()) return;
    const std::vector<std::string_view> names{reported.begin(), reported.end()};
    faults_.add(path, "trainable \"" + t_.name + "\" does not report \"" + std::string{name} +
                          "\"; " + suggest_name(name, names));
  }

  study& s_;
  const trainable& t_;
  const json::object& file_;
  fault_list& faults_;
};

} // namespace

void fit_trainable(study& s, const registry& known, const json::object& file, fault_list& faults) {
  const auto all = known.names();
  const std::vector<std::string_view> names{all.begin(), all.end()};
  const trainable* t = known.find(s.trainable.name);
  if (!t) {
    faults.add("trainable/name", "unknown trainable \"" + s.trainable.name + "\"; " +
                                     suggest_name(s.trainable.name, names));
    return;
  }
  fitting fit{s, *t, file, faults};
  const bool can_be_read = fit.options();
  fit.parameters();
  fit.mutations();
  fit.bounds();
  fit.reported_metrics();
  fit.engine();
  fit.checkpoints();
  if (can_be_read) fit.rest();
}

} // namespace troupe
