#include "base/escape.hpp"
#include "base/path.hpp"
#include "search/life/stoppers.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "search/space/variants.hpp"
#include "study/callbacks.hpp"
#include "study/direction_word.hpp"
#include "study/fault.hpp"
#include "study/hooks_key.hpp"
#include "study/keep_key.hpp"
#include "study/members.hpp"
#include "study/name_keys.hpp"
#include "study/overrides.hpp"
#include "study/plugin_check.hpp"
#include "study/plugins.hpp"
#include "study/population_check.hpp"
#include "study/recording.hpp"
#include "study/resource_limits.hpp"
#include "study/scope_key.hpp"
#include "study/space_file.hpp"
#include "study/trainable_check.hpp"

#include <troupe/searcher.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <system_error>

namespace troupe {

namespace json = boost::json;

namespace {

void read_trainable(member_reader& in, named_options& out) {
  auto options = in.take_object("trainable", R"({"name": "cifar"})");
  if (!options) return;
  if (!options->contains("name") && options->contains("command"))
    out.name = "command";
  else
    options->require("name", "it says what to train");
  options->read("name", out.name);
  for (const auto& member : options->object())
    if (member.key() != "name") out.options.insert(member);
}

/// Reads `key` as a text, or as a list of at least so many.
std::vector<std::string> read_texts(member_reader& in, std::string_view key, std::size_t least) {
  std::vector<std::string> texts;
  if (const auto* v = in.object().if_contains(key); !v || !v->is_array()) {
    if (std::string text; in.read(key, text)) texts.push_back(std::move(text));
    return texts;
  }
  const auto& list = in.take(key)->get_array();
  if (list.size() < least) in.refuse(key, "must be a text, or a list of at least one; found []");
  for (const auto& v : list) {
    if (!v.is_string() || v.get_string().empty()) {
      in.refuse(key, "must be a list of texts; found in it " + describe(v));
      return {};
    }
    texts.emplace_back(std::string_view{v.get_string()});
  }
  return texts;
}

void read_objectives(member_reader& in, study& s) {
  in.require("metric", "it names the metric to judge by, as in \"loss\"");
  const auto metrics = read_texts(in, "metric", 1);
  auto modes = read_texts(in, "mode", 1);
  for (std::size_t i = 0; i < metrics.size(); ++i)
    if (std::find(metrics.begin(), metrics.begin() + static_cast<std::ptrdiff_t>(i), metrics[i]) !=
        metrics.begin() + static_cast<std::ptrdiff_t>(i))
      return in.refuse("metric", "names \"" + metrics[i] + "\" twice");
  for (const auto& mode : modes)
    if (!direction_of(mode))
      return in.refuse("mode", R"(must be "min" or "max"; found )" + describe(json::value(mode)));
  if (!modes.empty() && !metrics.empty() && modes.size() != metrics.size())
    return in.refuse("mode", "must have one \"min\" or \"max\" for each of the " +
                                 std::to_string(metrics.size()) + " metrics; found " +
                                 std::to_string(modes.size()));
  modes.resize(std::max(modes.size(), metrics.size()), "min");
  if (!modes.empty()) s.mode = *direction_of(modes[0]);
  if (!metrics.empty()) s.metric = metrics[0];
  for (std::size_t i = 1; i < metrics.size(); ++i)
    s.further_objectives.push_back({metrics[i], *direction_of(modes[i])});
  s.constraints = read_texts(in, "constraints", 0);
}

void read_space(member_reader& in, study& s, fault_list& faults) {
  if (const auto* v = in.take("space")) s.space = read_space(*v, faults);
}

/// Searchers keep a table of points and parameters.
constexpr std::size_t most_given_values = 1'000'000;

/// Reads the points to evaluate; they may name only what is in the space.
void read_points(member_reader& in, study& s, fault_list& faults) {
  constexpr std::string_view key = "points_to_evaluate";
  const auto* v = in.take(key);
  if (!v) return;
  const auto parameters = s.space.entries().size();
  if (v->is_array() && v->get_array().size() * parameters > most_given_values)
    return in.refuse(key, "must be fewer for so many parameters: points times parameters may be " +
                              std::to_string(most_given_values) + "; found " +
                              std::to_string(v->get_array().size()) + " times " +
                              std::to_string(parameters));
  if (!v->is_array())
    return in.refuse(key, R"(must be a list of configurations, as in [{"lr": 0.1}]; found )" +
                              describe(*v));
  for (std::size_t i = 0; i < v->get_array().size(); ++i) {
    const auto& point = v->get_array()[i];
    const auto path = join_path(key, std::to_string(i));
    if (!point.is_object()) {
      faults.add(path, R"(must be an object, as in {"lr": 0.1}; found )" + describe(point));
      continue;
    }
    std::vector<point_problem> problems;
    values_of(s.space, point.get_object(), problems);
    for (auto& p : problems)
      faults.add(join_path(path, p.path), std::move(p.problem));
    if (problems.empty()) s.points_to_evaluate.push_back(point.get_object());
  }
}

void read_samples(member_reader& in, study& s, fault_list& faults) {
  const bool is_set = in.read("num_samples", s.num_samples, 1);
  read_points(in, s, faults);
  in.read("constant_grid_search", s.constant_grid_search);
  constexpr auto most = std::numeric_limits<trial_number>::max();
  const auto trials = number_of_trials(s);
  if (trials > most && trials > s.num_samples)
    in.refuse(is_set ? "num_samples" : "space",
              "the grid makes more than " + std::to_string(most) + " trials of this; leave out " +
                  "values of grid_search, or draw them with choice");
}

/// Reads the rules for one metric: a bound in the metric's direction, or `{"<=": bound}`.
void read_stop_rules(member_reader& in, std::string_view metric, study& s) {
  using side = stop_rule::side;
  const auto add = [&](side when, double bound) {
    s.stop.push_back({std::string{metric}, when, bound});
  };
  const auto all = s.objectives();
  const bool falls = std::any_of(all.begin(), all.end(), [&](const objective& o) {
    return o.metric == metric && o.mode == direction::min;
  });
  double bound = 0;
  if (!in.object().at(metric).is_object()) {
    if (in.read(metric, bound)) add(falls ? side::at_most : side::at_least, bound);
    return;
  }
  auto sides = in.take_object(metric, R"({"<=": 0.1})");
  if (sides->object().empty()) sides->refuse("", R"(must be a number, or say "<=" or ">=")");
  if (sides->read("<=", bound)) add(side::at_most, bound);
  if (sides->read(">=", bound)) add(side::at_least, bound);
  sides->refuse_others();
}

void read_stop(member_reader& in, study& s) {
  auto rules = in.take_object("stop", R"({"training_iteration": 10})");
  if (!rules) return;
  for (const auto& member : rules->object())
    read_stop_rules(*rules, member.key(), s);
}

void read_failures_and_checkpoints(member_reader& in, study& s) {
  in.read("max_failures", s.max_failures, 0);
  in.read("fail_fast", s.fail_fast);
  read_keep(in, s);
}

} // namespace

std::vector<objective> study::objectives() const {
  std::vector<objective> all{{metric, mode}};
  all.insert(all.end(), further_objectives.begin(), further_objectives.end());
  return all;
}

void study::set_objectives(const std::vector<objective>& all) {
  if (all.empty()) throw std::invalid_argument{"a study is judged by one metric at least"};
  metric = all.front().metric;
  mode = all.front().mode;
  further_objectives.assign(all.begin() + 1, all.end());
}

namespace {

study read_members(member_reader in, const std::string& file, fault_list& faults) {
  study s;
  s.name = default_name(file);
  read_name(in, s);
  read_trainable(in, s.trainable);
  read_space(in, s, faults);
  read_objectives(in, s);
  read_scope(in, s);
  read_plugin(in, "searcher", searcher_plugins(), s.searcher);
  read_plugin(in, "scheduler", scheduler_plugins(), s.scheduler);
  check_objectives(in, s, faults);
  check_space(s, faults);
  read_samples(in, s, faults);
  read_resources(in, s);
  read_limits(in, s);
  read_stop(in, s);
  read_plugins(in, "stoppers", stopper_plugins(), s.stoppers);
  read_callbacks(in, s.callbacks);
  read_hooks(in, s.on);
  read_failures_and_checkpoints(in, s);
  read_trial_name(in, s);
  in.read("seed", s.seed, 0);
  read_recording(in, s);
  in.refuse_others({"$schema"}); // for editors
  return s;
}

[[noreturn]] void raise(const std::string& where, const std::string& problem) {
  throw invalid_study{{{where, "", problem}}};
}

json_document parse_file(std::string_view text, const std::string& name) {
  try {
    return parse_document(text);
  } catch (const json_error& e) {
    raise(to_text(name, e.at), std::string{"not JSON: "} + e.what());
  }
}

constexpr std::size_t most_bytes = 64'000'000;

std::string read_text(const std::filesystem::path& file) {
  auto error = std::error_code{};
  if (std::filesystem::is_directory(file, error))
    raise(file.string(), "is a folder, not a study file");
  errno = 0;
  auto in = std::ifstream{file, std::ios::binary};
  if (!in) raise(file.string(), "cannot be read: " + std::generic_category().message(errno));
  std::string text;
  for (char block[1 << 16]; in.read(block, sizeof block), in.gcount() > 0;) {
    text.append(block, static_cast<std::size_t>(in.gcount()));
    if (text.size() > most_bytes)
      raise(file.string(), "is longer than 64 MB, and so no study file; is the path right?");
  }
  return text;
}

} // namespace

study read_study(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                 const registry* known) {
  return parse_study(read_text(file), file.string(), overrides, known);
}

study parse_study(std::string_view text, const std::string& name,
                  const std::vector<std::string>& overrides, const registry* known) {
  const auto document = parse_file(text, name);
  auto faults = fault_list{name, document};
  for (const auto& [path, at] : document.duplicates)
    faults.add(at, path, "stands twice in one object; keep one");
  auto root = document.value;
  if (!root.is_object())
    raise(to_text(name, document.positions.at("")),
          "a study must be an object; found " + describe(root));
  apply_overrides(root, overrides, faults);
  auto s = read_members({root.get_object(), "", faults}, name, faults);
  if (known && !root.get_object().contains("trainable"))
    faults.add("trainable", R"(is missing; it says what to train, as in {"name": "cifar10"})");
  else if (known && !s.trainable.name.empty())
    fit_trainable(s, *known, root.get_object(), faults);
  if (known) check_callbacks(s, *known, faults);
  check_population(s, faults);
  if (faults.empty()) check_making(s, faults);
  faults.raise_if_any();
  return s;
}

} // namespace troupe
