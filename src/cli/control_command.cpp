#include "cli/control_command.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "base/nearest.hpp"
#include "cli/control_client.hpp"
#include "cli/exit_code.hpp"
#include "cli/find_trial.hpp"
#include "cli/meant_study.hpp"
#include "cli/way_on.hpp"
#include "store/former_study.hpp"

#include <troupe/open_results.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <stdexcept>
#include <string_view>

namespace troupe {

namespace {

namespace json = boost::json;

/// What can be changed while a study runs, and on going on with it.
constexpr std::array<std::string_view, 2> changeable_now{"num_samples", "max_concurrent"};
constexpr std::array<std::string_view, 11> changeable_later{
    "time_budget_s", "time_limit_s", "progress_limit_s", "cpus",      "gpus", "resources",
    "custom",        "stop",         "max_failures",     "fail_fast", "keep"};

bool is_one_of(std::string_view key, const auto& keys) {
  return std::ranges::find(keys, key) != keys.end();
}

trial_number trial_meant(const study_layout& layout, const std::string& called) {
  return find_trial(open_results(layout.root()).results(), called);
}

[[noreturn]] void refuse_key(const std::string& key, const control_options& o,
                             const study_layout& layout) {
  if (is_one_of(key, changeable_later))
    throw std::invalid_argument{fmt::format(
        "{0}: cannot be changed while the study runs; `{1} stop {2}`, then `{3} --set {0}=JSON`",
        key, o.program, shell_word(layout.root().string()), how_to_resume(o.program, layout))};
  throw std::invalid_argument{fmt::format("{}: nothing of this name can be changed while a study "
                                          "runs; {}",
                                          key, suggest_name(key, changeable_now))};
}

/// Returns the number that a change gives; 0 for null, which lifts a limit.
std::uint64_t number_in(const std::string& key, const std::string& text) {
  const bool may_be_none = key == "max_concurrent";
  json::value v;
  try {
    v = parse_json(text);
  } catch (const json_error&) {
    v = json::value(text);
  }
  if (may_be_none && v.is_null()) return 0;
  if (!v.is_int64() || v.get_int64() < 1)
    throw std::invalid_argument{fmt::format("{}: must be a whole number from 1 on{}; found {}", key,
                                            may_be_none ? ", or null for as many as fit" : "",
                                            text.empty() ? "nothing" : text)};
  return static_cast<std::uint64_t>(v.get_int64());
}

std::string text_of_limit(const std::string& key, std::uint64_t n) {
  return fmt::format("{} is {} now", key, n == 0 ? "what fits" : std::to_string(n));
}

} // namespace

int pause_command(const control_options& o, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto said = ask_running(layout, {{"do", "pause"}});
  const auto running = said.at("running").to_number<std::uint64_t>();
  const auto without = said.at("without_checkpoint").to_number<std::uint64_t>();
  err << "paused: nothing starts";
  if (running > 0)
    err << fmt::format("; {} that {} now {} with {} next checkpoint", count_text(running, "trial"),
                       running == 1 ? "runs" : "run", running == 1 ? "leaves" : "leave",
                       running == 1 ? "its" : "their");
  if (without > 0)
    err << fmt::format("; {} made none so far: what makes none runs to its end",
                       without == 1 ? "1 of them has" : fmt::format("{} of them have", without));
  err << fmt::format("\nto go on: {} continue {}\n", o.program, shell_word(layout.root().string()));
  return exit_code::done;
}

int continue_command(const control_options& o, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  ask_running(layout, {{"do", "continue"}});
  err << "the study goes on\n";
  return exit_code::done;
}

int stop_command(const control_options& o, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  if (!o.trial) {
    ask_running(layout, {{"do", "stop"}});
    err << fmt::format("the study stops all trials at their next batch; to go on: {}\n",
                       how_to_resume(o.program, layout));
    return exit_code::done;
  }
  const auto n = trial_meant(layout, *o.trial);
  ask_running(layout, {{"do", "stop"}, {"trial", n}});
  err << fmt::format("trial {} is stopped; if it runs, it ends at its next batch\n", trial_id(n));
  return exit_code::done;
}

int retry_command(const control_options& o, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto n = trial_meant(layout, o.trial.value());
  ask_running(layout, {{"do", "retry"}, {"trial", n}});
  err << fmt::format("trial {} is tried again\n", trial_id(n));
  return exit_code::done;
}

int enqueue_command(const control_options& o, const std::string& config, std::ostream& out,
                    std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  json::value given;
  try {
    given = parse_json(config);
  } catch (const json_error& e) {
    throw std::invalid_argument{fmt::format("CONFIG: column {}: {}", e.at.column, e.what())};
  }
  if (!given.is_object())
    throw std::invalid_argument{R"(CONFIG: must be an object, as in '{"lr": 0.01}'; found )" +
                                config};
  const auto said =
      ask_running(layout, {{"do", "enqueue"}, {"config", std::move(given.get_object())}});
  out << std::string_view{said.at("id").as_string()} << '\n';
  return exit_code::done;
}

int set_command(const control_options& o, const std::vector<std::string>& changes,
                std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  json::object request{{"do", "set"}};
  std::string done;
  for (const auto& change : changes) {
    const auto at = change.find('=');
    const auto key = change.substr(0, at);
    if (!is_one_of(key, changeable_now)) refuse_key(key, o, layout);
    if (at == change.npos)
      throw std::invalid_argument{fmt::format("{0}: give it a value, as in {0}=8", key)};
    const auto n = number_in(key, change.substr(at + 1));
    request[key] = n;
    done += (done.empty() ? "" : ", ") + text_of_limit(key, n);
  }
  ask_running(layout, request);
  err << done << '\n';
  return exit_code::done;
}

} // namespace troupe
